"""A warm-up before a shift: what it is, its letters one by one with feedback, and a summary."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button, link_button
from rxconnect.components.pieces import card, empty_state, skeleton
from rxconnect.components.sentences import spliced
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import refused_card, staff_frame
from rxconnect.pages.staff.quality_links import quality_links
from rxconnect.state.staff.warm_ups import WarmUpState

_STATE = WarmUpState


def warm_up() -> rx.Component:
    """The warm-up, wherever it stands."""
    return staff_frame(
        _("Warm-up"),
        quality_links(routes.WARM_UP),
        problem_of(_STATE),
        rx.cond(
            _STATE.ready,
            rx.cond(
                _STATE.is_refused,
                _refused(),
                rx.cond(_STATE.is_over, _summary(), rx.cond(_STATE.place > 0, _letter(), _beginning())),
            ),
            skeleton("line", "tall"),
        ),
        section="quality",
    )


def _refused() -> rx.Component:
    return refused_card(
        _("There is no warm-up here"),
        _("An administrator can offer one to reviewers, in the settings of the facility."),
    )


def _beginning() -> rx.Component:
    return card(
        empty_state(
            "envelope",
            _("Six letters before your shift"),
            _("Half of them break a rule. After each, you read what is right and why. They count nowhere."),
            rx.el.div(
                button(_("Begin"), id="begin-warm-up", on_click=_STATE.begin),
                button(_("Skip it"), variant="plain", on_click=_STATE.skip),
                class_name="row",
            ),
        ),
        class_name="narrow",
    )


def _letter() -> rx.Component:
    return rx.el.div(
        rx.el.article(
            rx.el.div(
                rx.el.span(
                    *spliced(_("Invented letter {place} of {of}"), place=_STATE.place, of=_STATE.of),
                    class_name="small muted num",
                ),
                rx.el.h2(_STATE.subject, id="letter-title", tab_index=-1),
                class_name="message-head",
            ),
            rx.el.div(_STATE.text, class_name="words", dir="auto"),
            class_name="card paper",
            aria_label=_("Invented letter"),
        ),
        rx.el.div(rx.cond(_STATE.feedback, _feedback(_STATE.feedback)), role="status"),
        rx.cond(
            _STATE.feedback,
            rx.el.div(button(_("Go on"), variant="sm", on_click=_STATE.go_on), class_name="desk-actions"),
            rx.el.div(
                button(_("Approve"), variant="sm", on_click=_STATE.approve),
                button(_("Reject"), variant="quiet danger sm", on_click=_STATE.reject),
                rx.el.span(button(_("Skip it"), variant="plain sm", on_click=_STATE.skip), class_name="row push"),
                class_name="desk-actions",
                role="toolbar",
                aria_label=_("Decide"),
            ),
        ),
        id="warm-up-letter",
        class_name="stack-sm narrow",
    )


def _feedback(feedback) -> rx.Component:
    told = rx.el.div(
        rx.el.p(rx.cond(feedback.is_right, _("Right."), _("Not quite.")), " ", feedback.answer, class_name="strong"),
        rx.el.p(feedback.because, class_name="small"),
    )
    return rx.el.div(told, class_name=rx.cond(feedback.is_right, "alert alert-good", "alert alert-wait"))


def _summary() -> rx.Component:
    return card(
        rx.el.div(
            rx.el.h2(_("That was the warm-up")),
            rx.el.p(
                *spliced(
                    _("You decided {correct} of {of} letters as the rules do. It counts nowhere."),
                    correct=_STATE.correct,
                    of=_STATE.of,
                )
            ),
            rx.el.div(
                link_button(_("To the desk"), routes.STAFF, variant="sm"),
                button(_("Once more"), variant="plain sm", on_click=_STATE.begin),
                class_name="row",
            ),
            class_name="card-body stack-sm",
        ),
        class_name="narrow",
    )
