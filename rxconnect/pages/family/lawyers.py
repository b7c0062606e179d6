"""The lawyer's card of the profile."""

import reflex as rx

from rxconnect.components.forms import button, field, select, text_input
from rxconnect.components.pieces import card, card_head, pill
from rxconnect.domain import states
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.state.family.facilities import LocationsState
from rxconnect.state.family.lawyers import LawyerState


def lawyer_card() -> rx.Component:
    """Where the account is verified as a lawyer, and the form that asks for it."""
    return card(
        card_head(_("For lawyers")),
        rx.cond(
            LawyerState.requests,
            rx.el.ul(rx.foreach(LawyerState.requests, _request), class_name="rows", aria_label=_("For lawyers")),
        ),
        rx.el.details(
            rx.el.summary(
                rx.cond(
                    LawyerState.requests,
                    _("Ask another facility, or ask again"),
                    _("Ask to be verified as a lawyer"),
                )
            ),
            rx.el.p(
                _(
                    "Staff cannot read the letters of a lawyer whom the facility has verified. Each facility decides for "
                    "itself, and checks your number with your bar."
                ),
                class_name="small muted",
            ),
            _form(),
            class_name="card-body stack-sm",
        ),
    )


def _request(one) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(one.facility, class_name="strong"),
            pill(one.state_label, one.tone),
            rx.el.span(
                one.name,
                " · ",
                one.bar_state,
                " · ",
                one.bar_number,
                rx.cond(one.until != "", " · " + _("until {day}").format(day=one.until), ""),
                class_name="small muted num",
            ),
            rx.cond(one.reason != "", rx.el.span(one.reason, class_name="small")),
            class_name="row",
        ),
        key=one.id,
    )


def _form() -> rx.Component:
    problems = LawyerState.problems
    facility = select(
        "lawyer_facility",
        rx.el.option(_("Choose one of your locations"), value=""),
        rx.foreach(LocationsState.locations, lambda one: rx.el.option(one.name, value=one.id.to_string())),
        problem=problems["lawyer_facility"],
    )
    state = select(
        "bar_state",
        rx.el.option(_("Choose a state"), value=""),
        *(rx.el.option(name, value=code) for code, name in sorted(states.NAMES.items(), key=lambda pair: pair[1])),
        problem=problems["bar_state"],
    )
    name = text_input("lawyer_name", problem=problems["lawyer_name"], max_length=80, auto_complete="name")
    number = text_input("bar_number", problem=problems["bar_number"], max_length=30, auto_complete="off")
    return rx.el.form(
        problem_of(LawyerState),
        field(_("Facility"), facility, name="lawyer_facility", problem=problems["lawyer_facility"]),
        field(_("Your name, as your bar knows it"), name, name="lawyer_name", problem=problems["lawyer_name"]),
        field(_("Bar number"), number, name="bar_number", problem=problems["bar_number"]),
        field(_("State of the bar"), state, name="bar_state", problem=problems["bar_state"]),
        rx.el.div(button(_("Ask"), type="submit", variant="quiet sm")),
        on_submit=LawyerState.ask,
        no_validate=True,
        class_name="stack-sm",
    )
