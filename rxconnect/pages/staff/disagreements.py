"""Readings that disagree: a list, and the letter of one with the buttons that say which was right."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.desk_photos import desk_photos
from rxconnect.components.forms import alert, button
from rxconnect.components.marks import marked
from rxconnect.components.pieces import card, card_head, empty_state, pill, skeleton
from rxconnect.components.places import place_links
from rxconnect.components.sentences import spliced
from rxconnect.domain.review import Outcome
from rxconnect.domain.second_readings import Verdict
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import refused_card, staff_frame
from rxconnect.pages.staff.quality_links import quality_links
from rxconnect.state.staff.disagreements import DisagreementsState

_STATE = DisagreementsState
_VIEW = DisagreementsState.view
_SHOWN = DisagreementsState.shown


def disagreements() -> rx.Component:
    """The readings of one facility that disagree."""
    return staff_frame(
        _("Disagreements"),
        quality_links(routes.DISAGREEMENTS),
        rx.cond(_VIEW, place_links(_VIEW.facilities, routes.DISAGREEMENTS)),
        problem_of(_STATE),
        rx.cond(
            _STATE.ready,
            rx.cond(_VIEW, rx.cond(_SHOWN, _letter(), _list()), rx.cond(_STATE.is_refused, _refused())),
            skeleton("rows", "letter"),
        ),
        section="quality",
        lead=rx.cond(_VIEW, _VIEW.facility, "\u00a0"),
    )


def _refused() -> rx.Component:
    return refused_card(
        _("This page is for administrators"),
        _("They read the letters about which two reviewers disagree, and say which of them was right."),
    )


def _list() -> rx.Component:
    return card(
        card_head(_("Readings that disagree")),
        rx.cond(
            _VIEW.lines,
            rx.el.ul(
                rx.foreach(_VIEW.lines, _line),
                id="disagreements",
                class_name="rows",
                aria_label=_("Readings that disagree"),
            ),
            empty_state(
                "envelope",
                _("No readings disagree"),
                _("When a second reader decides otherwise than the first, the letter stands here."),
            ),
        ),
    )


def _line(line) -> rx.Component:
    return rx.el.li(
        rx.el.span(_name_of(line), class_name="strong"),
        rx.el.span(
            *spliced(_("From {sender} to {recipient}"), sender=line.sender, recipient=line.person),
            class_name="small muted",
        ),
        rx.el.span(_side(_("First"), line.first), class_name="small whole row"),
        rx.el.span(_side(_("Second"), line.second), class_name="small whole row"),
        rx.el.span(
            rx.cond(
                line.judged != "",
                rx.fragment(line.judged, " · ", line.judged_by),
                rx.cond(line.may_judge, "", _("Somebody who has not read it must judge it.")),
            ),
            class_name="small muted whole",
        ),
        rx.el.span(
            button(
                _("Open"),
                variant="quiet sm",
                on_click=_STATE.open(line.id),
                aria_label=_("Open the letter {subject}").format(subject=_name_of(line)),
            ),
            class_name="row-actions",
        ),
        key=line.id,
    )


def _name_of(line) -> rx.Var:
    return rx.cond(line.subject != "", line.subject, _("Without a subject"))


def _side(which: str, side) -> rx.Component:
    return rx.fragment(
        rx.el.span(which, class_name="muted"),
        pill(side.label, rx.cond(side.outcome == Outcome.REJECTED.value, "bad", "good")),
        rx.el.span(side.by, " · ", side.at, rx.cond(side.reason != "", f" · {side.reason}", ""), class_name="num"),
    )


def _letter() -> rx.Component:
    line = _SHOWN.line
    return rx.el.div(
        rx.el.article(
            rx.el.div(
                rx.el.span(
                    *spliced(_("From {sender} to {recipient}"), sender=line.sender, recipient=line.person),
                    class_name="small muted",
                ),
                rx.el.h2(
                    rx.cond(_SHOWN.subject_pieces, marked(_SHOWN.subject_pieces), _("Without a subject")),
                    id="letter-title",
                    tab_index=-1,
                ),
                rx.el.p(_side(_("First"), line.first), class_name="row whole small"),
                rx.el.p(_side(_("Second"), line.second), class_name="row whole small"),
                class_name="message-head",
            ),
            rx.el.div(marked(_SHOWN.pieces), class_name="words", dir="auto"),
            desk_photos(_SHOWN.photos),
            class_name="card paper",
            aria_label=_("Letter"),
        ),
        rx.cond(
            line.may_judge,
            rx.el.p(
                _("A reading that was wrong counts as a miss of its reader. The first decision stands in any case."),
                class_name="small muted",
            ),
            alert(_("You gave one of these readings, so somebody else must judge them."), "wait"),
        ),
        rx.el.div(
            rx.cond(
                line.may_judge,
                rx.fragment(
                    *(
                        button(one.label, variant="quiet sm", on_click=_STATE.judge(line.id, one.value))
                        for one in Verdict
                    )
                ),
            ),
            button(_("Close"), variant="plain sm", on_click=_STATE.close),
            class_name="row",
            role="group",
            aria_label=_("Which was right?"),
        ),
        class_name="stack-sm",
    )
