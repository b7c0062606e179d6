"""Lawyers: requests that wait, verifications that hold, and those that are over."""

import reflex as rx

from rxconnect.components.forms import button, field, text_input
from rxconnect.components.pieces import card, card_head, empty_state, pill, skeleton
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.staff import refused_card, staff_frame
from rxconnect.state.staff.lawyers import LawyersState

_VIEW = LawyersState.view


def lawyers() -> rx.Component:
    """The lawyers of the facilities where the actor verifies them."""
    return staff_frame(
        _("Lawyers"),
        problem_of(LawyersState),
        rx.cond(
            LawyersState.ready,
            rx.cond(_VIEW, _lists(), rx.cond(LawyersState.is_refused, _refused())),
            skeleton("rows", "rows"),
        ),
        section="lawyers",
        lead=_("Staff cannot read letters between a verified lawyer and people at the facility."),
    )


def _refused() -> rx.Component:
    return refused_card(
        _("This page is for administrators"),
        _("They verify lawyers. If a lawyer asks you for it, tell an administrator of yours."),
    )


def _lists() -> rx.Component:
    return rx.el.div(
        card(
            card_head(_("Waiting for you")),
            rx.cond(
                _VIEW.waiting,
                rx.el.ul(
                    rx.foreach(_VIEW.waiting, _waiting),
                    id="waiting-lawyers",
                    class_name="rows",
                    aria_label=_("Waiting for you"),
                ),
                empty_state("check", _("Nobody waits"), _("Lawyers ask for this on their profile.")),
            ),
        ),
        rx.cond(
            _VIEW.verified,
            card(
                card_head(_("Verified now")),
                rx.el.ul(rx.foreach(_VIEW.verified, _verified), class_name="rows", aria_label=_("Verified now")),
            ),
        ),
        rx.cond(
            _VIEW.past,
            card(
                card_head(_("Earlier")),
                rx.el.ul(rx.foreach(_VIEW.past, _past), class_name="rows", aria_label=_("Earlier")),
            ),
        ),
        class_name="stack narrow",
    )


def _waiting(one) -> rx.Component:
    return rx.el.li(
        *_facts(one),
        rx.el.div(
            _opens(_("Verify"), one, variant="sm", refuses=False),
            _opens(_("Refuse"), one, variant="quiet sm danger", refuses=True),
            class_name="row whole",
        ),
        rx.cond(
            LawyersState.editing == one.id,
            rx.cond(
                LawyersState.is_refusing,
                _reason_form(_("Refuse"), LawyersState.refuse),
                _verify_form(),
            ),
        ),
        key=one.id,
    )


def _verified(one) -> rx.Component:
    return rx.el.li(
        *_facts(one),
        rx.el.div(
            _opens(_("End early"), one, variant="quiet sm danger", refuses=True),
            class_name="row whole",
        ),
        rx.cond(
            LawyersState.editing == one.id,
            _reason_form(_("End now"), LawyersState.end_early),
        ),
        key=one.id,
    )


def _past(one) -> rx.Component:
    return rx.el.li(
        *_facts(one), rx.cond(one.reason != "", rx.el.span(one.reason, class_name="small whole")), key=one.id
    )


def _facts(one) -> tuple[rx.Component, ...]:
    return (
        rx.el.span(rx.el.span(one.name, class_name="strong"), pill(one.state_label, one.tone), class_name="row whole"),
        rx.el.span(
            one.bar_state,
            " · ",
            one.bar_number,
            " · ",
            one.facility,
            rx.el.br(),
            one.email,
            " · ",
            _("asked {day}").format(day=one.asked),
            rx.cond(one.until != "", " · " + _("until {day}").format(day=one.until), ""),
            class_name="small muted num whole",
        ),
    )


def _opens(label: str, one, *, variant: str, refuses: bool) -> rx.Component:
    is_open = (LawyersState.editing == one.id) & (LawyersState.is_refusing == refuses)
    return button(
        label,
        variant=variant,
        on_click=LawyersState.open_form(one.id, refuses),
        aria_label=f"{label}: {one.name}",
        aria_expanded=rx.cond(is_open, "true", "false"),
    )


def _verify_form() -> rx.Component:
    problem = LawyersState.problems["last_day"]
    return rx.el.form(
        field(
            _("Last day"),
            text_input(
                "last_day",
                problem=problem,
                hint=True,
                type="date",
                max=_VIEW.latest_end,
                given=LawyersState.last_day,
            ),
            name="last_day",
            problem=problem,
            hint=_("Compare the name and the number with the bar's public register first. At most two years."),
        ),
        rx.el.div(button(_("Verify until this day"), variant="sm", type="submit"), class_name="row"),
        on_submit=LawyersState.verify,
        no_validate=True,
        class_name="stack-sm whole",
    )


def _reason_form(label: str, on_submit) -> rx.Component:
    problem = LawyersState.problems["reason"]
    return rx.el.form(
        field(
            _("Reason"),
            text_input(
                "reason",
                problem=problem,
                hint=True,
                max_length=400,
                auto_complete="off",
                given=LawyersState.reason,
            ),
            name="reason",
            problem=problem,
            hint=_("The lawyer reads it."),
        ),
        rx.el.div(button(label, variant="sm danger", type="submit"), class_name="row"),
        on_submit=on_submit,
        no_validate=True,
        class_name="stack-sm whole",
    )
