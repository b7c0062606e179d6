"""The review desk: the queue at the left, the open letter beside it, and what belongs to the letter at the right."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.desk import desk, key_button, key_switch
from rxconnect.components.pieces import pill, skeleton
from rxconnect.domain.review import Outcome
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import refused_card, staff_frame
from rxconnect.pages.staff.desk_forms import cancel
from rxconnect.pages.staff.desk_letter import letter, nothing_open
from rxconnect.pages.staff.desk_queue import counts, queue
from rxconnect.state.staff.desk import DeskState

_LETTER = DeskState.letter


def staff() -> rx.Component:
    """The queue, and the letter that is open."""
    return staff_frame(
        _("Review"),
        problem_of(DeskState),
        rx.cond(DeskState.ready, rx.cond(DeskState.is_refused, _refused(), _desk()), skeleton("line", "tall")),
        section="review",
        action=rx.cond(DeskState.counts, counts()),
    )


def _refused() -> rx.Component:
    return refused_card(
        _("Your role does not read letters"),
        _("Reviewers and administrators decide letters here. The bar above has the tools of your role."),
    )


def _desk() -> rx.Component:
    return desk(
        _warm_up(),
        rx.el.div(
            queue(),
            rx.el.div(
                _undo_bar(),
                rx.cond(_LETTER, letter(), nothing_open()),
                class_name="desk-letter",
                custom_attrs={"data-answers": ""},
            ),
            class_name=rx.cond(_LETTER, "desk-grid has-letter", "desk-grid"),
        ),
        _recent(),
        _keys(),
        is_claimed=(_LETTER & _LETTER.may_decide).bool(),
        opened=rx.cond(_LETTER, _LETTER.message_id, 0),
        on_stay=DeskState.stay,
    )


def _warm_up() -> rx.Component:
    """The offer to begin the shift with a warm-up. It goes once the warm-up has ended or was skipped."""
    return rx.cond(
        DeskState.has_warm_up,
        rx.el.div(
            rx.el.span(_("Begin your shift with six invented letters? They take about three minutes.")),
            rx.el.a(_("To the warm-up"), href=routes.WARM_UP, class_name="tap"),
            class_name="alert alert-wait desk-offer",
        ),
    )


def _recent() -> rx.Component:
    """The reviewer's last decisions. The newest can be undone while it is pending."""
    return rx.cond(
        DeskState.recent,
        rx.el.section(
            rx.el.h2(_("What you decided last"), class_name="small"),
            rx.el.ul(rx.foreach(DeskState.recent, _recent_line), class_name="desk-recent"),
            aria_label=_("What you decided last"),
            role="status",
        ),
    )


def _undo_bar() -> rx.Component:
    """The newest decision that can still be undone, above the letter."""
    last = DeskState.undoable
    return rx.cond(
        last,
        rx.el.div(
            rx.el.span(last.outcome_label, ": ", _letter_of(last)),
            rx.el.span(last.state_label, class_name="muted small"),
            key_button(_("Undo"), "U", DeskState.undo),
            class_name="alert desk-undo",
            role="status",
        ),
    )


def _letter_of(decision) -> rx.Var:
    return rx.cond(decision.subject != "", f"{decision.person} · {decision.subject}", decision.person)


def _recent_line(decision) -> rx.Component:
    return rx.el.li(
        pill(decision.outcome_label, rx.cond(decision.outcome == Outcome.REJECTED.value, "bad", "good")),
        rx.el.span(_letter_of(decision), class_name="small"),
        rx.el.span(decision.state_label, class_name="xs muted num"),
        key=decision.id,
    )


def _keys() -> rx.Component:
    keys = (
        ("N", _("Next letter")),
        ("P", _("Previous letter")),
        ("A", _("Approve")),
        ("R", _("Reject, then a number")),
        ("S", _("Set aside, then a number")),
        ("E", _("Escalate with a note")),
        ("T", _("Internal note")),
        ("V", _("Show all photos")),
        ("U", _("Undo the last decision")),
        ("Esc", _("Close")),
        ("?", _("These keys")),
    )
    return rx.cond(
        DeskState.panel == "keys",
        rx.el.section(
            rx.el.h2(_("Keys")),
            rx.el.dl(
                *(part for key, what in keys for part in (rx.el.dt(rx.el.kbd(key)), rx.el.dd(what))),
                class_name="desk-keys",
            ),
            key_switch(label=_("Use these keys in this browser")),
            cancel(),
            class_name="card card-body stack-sm desk-help",
            role="dialog",
            aria_label=_("Keys"),
        ),
    )
