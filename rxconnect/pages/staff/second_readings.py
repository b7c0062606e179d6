"""Second readings: a letter that was decided, as it was before anybody decided it."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.desk_photos import desk_photos
from rxconnect.components.forms import button, field, select
from rxconnect.components.marks import marked
from rxconnect.components.pieces import card, card_head, empty_state, pill, skeleton
from rxconnect.components.sentences import plural, spliced
from rxconnect.domain.messages import Reason
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import refused_card, staff_frame
from rxconnect.pages.staff.quality_links import quality_links
from rxconnect.state.staff.second_readings import SecondReadingsState

_STATE = SecondReadingsState
_READING = SecondReadingsState.reading
_COUNTS = SecondReadingsState.counts


def second_readings() -> rx.Component:
    """The letter that is open, or how many wait."""
    return staff_frame(
        _("Read again"),
        quality_links(routes.SECOND_READINGS),
        problem_of(_STATE),
        rx.cond(
            _STATE.ready,
            rx.cond(_STATE.is_refused, _refused(), rx.cond(_READING, _letter(), _nothing_open())),
            skeleton("letter"),
        ),
        section="quality",
    )


def _refused() -> rx.Component:
    return refused_card(
        _("Your role does not read letters"), _("Reviewers and administrators read letters a second time here.")
    )


def _nothing_open() -> rx.Component:
    return card(
        rx.cond(
            _COUNTS & (_COUNTS.waiting > 0),
            empty_state(
                "envelope",
                plural("{count} letter waits for you", "{count} letters wait for you", _COUNTS.waiting),
                _("Another reviewer has decided each of them. Your reading changes nothing for the family."),
                button(_("Open the next letter"), id="next-reading", on_click=_STATE.next),
            ),
            empty_state(
                "envelope",
                _("No letter waits for you"),
                _("Some decided letters are drawn by chance. You never read one that you have decided yourself."),
            ),
        ),
        class_name="narrow",
    )


def _letter() -> rx.Component:
    return rx.el.div(
        rx.el.div(_paper(), rx.cond(_STATE.is_rejecting, _reject()), _actions(), class_name="stack-sm"),
        _beside(),
        class_name="desk-open",
        key=_READING.id,
    )


def _paper() -> rx.Component:
    return rx.el.article(
        rx.el.div(
            rx.el.span(
                *spliced(_("From {sender} to {recipient}"), sender=_READING.sender, recipient=_READING.person),
                class_name="small muted",
            ),
            rx.el.span(_READING.sent, class_name="small muted num"),
            rx.el.h2(
                rx.cond(_READING.subject_pieces, marked(_READING.subject_pieces), _("Without a subject")),
                id="letter-title",
                tab_index=-1,
            ),
            rx.el.p(_READING.number, " · ", _READING.facility, class_name="xs muted num whole"),
            rx.el.p(
                rx.cond(_READING.held_for != "", pill(_READING.held_for, "wait")),
                rx.cond(_READING.language != "", pill(_READING.language, "wait")),
                class_name="row whole",
            ),
            class_name="message-head",
        ),
        rx.el.div(marked(_READING.pieces), class_name="words", dir="auto"),
        desk_photos(_READING.photos),
        class_name="card paper",
        aria_label=_("Letter"),
    )


def _reject() -> rx.Component:
    problem = _STATE.problems["reason"]
    options = (rx.el.option(reason.label, value=str(number)) for number, reason in enumerate(Reason, start=1))
    return rx.el.form(
        field(
            _("Reason"),
            select("reason", rx.el.option(_("Choose a reason"), value=""), *options, problem=problem),
            name="reason",
            problem=problem,
        ),
        rx.el.div(
            button(_("Reject"), variant="sm", type="submit"),
            button(_("Cancel"), variant="plain sm", on_click=_STATE.ask_reason),
            class_name="row",
        ),
        on_submit=_STATE.reject,
        no_validate=True,
        class_name="card card-body stack-sm",
    )


def _actions() -> rx.Component:
    return rx.el.div(
        button(_("Approve"), variant="sm", on_click=_STATE.approve),
        button(
            _("Reject"),
            variant="quiet danger sm",
            on_click=_STATE.ask_reason,
            aria_expanded=rx.cond(_STATE.is_rejecting, "true", "false"),
        ),
        rx.el.span(
            button(_("Leave it to somebody else"), variant="plain sm", on_click=_STATE.leave), class_name="row push"
        ),
        class_name="desk-actions",
        role="toolbar",
        aria_label=_("Your reading"),
    )


def _beside() -> rx.Component:
    return rx.el.div(
        card(
            card_head(_("Your second reading")),
            rx.el.div(
                rx.el.p(
                    _("Decide as you would at the desk. You are not told what was decided, before or after."),
                    class_name="small",
                ),
                rx.el.p(
                    plural("{count} letter waits for you", "{count} letters wait for you", _COUNTS.waiting),
                    class_name="small muted num",
                ),
                class_name="card-body stack-sm",
            ),
        ),
        rx.cond(
            _READING.found_by,
            card(
                card_head(_("What rules have found")),
                rx.el.ul(
                    rx.foreach(
                        _READING.found_by,
                        lambda rule: rx.el.li(
                            rx.el.span(rule.name, class_name="strong"), rx.el.span(rule.label, class_name="small muted")
                        ),
                    ),
                    class_name="rows",
                ),
            ),
        ),
        rx.cond(
            _READING.rules,
            card(
                card_head(_("Rules of the facility")),
                rx.el.ul(
                    rx.foreach(
                        _READING.rules,
                        lambda rule: rx.el.li(rx.el.span(rule.text, lang=rule.language, class_name="small whole")),
                    ),
                    class_name="rows",
                ),
            ),
        ),
        class_name="stack-sm",
    )
