"""Facilities for everybody: find one, and read its price, rules, review time and address."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.facilities import facility_search, opening_status
from rxconnect.components.forms import link_button
from rxconnect.components.pieces import card, card_head, empty_state, pill, skeleton
from rxconnect.i18n import _
from rxconnect.layout.frame import problem_of
from rxconnect.layout.public import public_frame
from rxconnect.state.door.facilities import FacilityListState, FacilityPageState
from rxconnect.state.session import SessionState


def facilities() -> rx.Component:
    """The search, and the facilities that it finds."""
    state = FacilityListState
    return public_frame(
        _("Facilities"),
        problem_of(state),
        card(rx.el.div(facility_search(state), class_name="card-body", role="search"), _results(), class_name="narrow"),
        lead=_("What a letter costs there, how long it takes, and the rules."),
    )


def _results() -> rx.Component:
    state = FacilityListState
    return rx.cond(
        state.ready,
        rx.cond(
            state.facilities,
            rx.el.ul(rx.foreach(state.facilities, _line), class_name="rows", aria_label=_("Facilities found")),
            empty_state("place", _("No facility matches that"), _("Try the town, or fewer letters.")),
        ),
        skeleton("block"),
    )


def _line(one) -> rx.Component:
    return rx.el.li(
        rx.el.a(one.name, href=routes.fill(routes.FACILITY, one.key), class_name="row-link"),
        rx.el.span(one.place, opening_status(one), class_name="small muted row"),
        rx.el.span(one.price, class_name="small num row-actions"),
    )


def facility() -> rx.Component:
    """One facility."""
    state, place = FacilityPageState, FacilityPageState.facility
    return public_frame(
        rx.cond(state.ready & place, place.name, _("Facility")),
        problem_of(state),
        rx.cond(state.ready, rx.cond(place, _parts(place)), skeleton("block", "block")),
        lead=rx.cond(state.ready & place, place.place, "\u00a0"),
        back=(
            rx.cond(SessionState.name != "", _("Contacts"), _("All facilities")),
            rx.cond(SessionState.name != "", routes.CONTACTS, routes.FACILITIES),
        ),
    )


def _parts(place) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            _section(
                _("What it costs"),
                rx.el.p(rx.el.strong(place.price, class_name="figure"), " ", _("a credit, with everything included")),
                rx.el.ul(rx.foreach(place.costs, rx.el.li), class_name="rules"),
            ),
            rx.cond(place.review_time != "", _section(_("When letters are read"), rx.el.p(place.review_time))),
            rx.cond(
                place.rules,
                _section(
                    _("What this facility asks"),
                    rx.el.ul(rx.foreach(place.rules, rx.el.li), class_name="rules"),
                ),
            ),
            class_name="stack",
        ),
        rx.el.div(
            _section(
                _("Letters here"),
                rx.el.p(pill(place.opening_label, place.opening_tone)),
                rx.el.p(place.opening_explanation),
                rx.el.ul(rx.foreach(place.ways, rx.el.li), class_name="rules"),
                rx.cond(place.is_open, _next_step(place)),
            ),
            rx.cond(
                place.address,
                _section(
                    _("Address"),
                    rx.cond(place.kind != "", rx.el.p(place.kind, class_name="muted")),
                    rx.el.address(rx.foreach(place.address, rx.el.div)),
                ),
            ),
            class_name="stack",
        ),
        class_name="grid",
    )


def _next_step(place) -> rx.Component:
    return rx.cond(
        SessionState.name != "",
        rx.el.div(
            link_button(_("Find a person"), routes.FIND_FACILITY, variant="sm"),
            link_button(_("Buy credits"), routes.with_query(routes.BUY_CREDITS, facility=place.id), variant="quiet sm"),
            class_name="row",
        ),
        rx.el.div(link_button(_("Create an account"), routes.SIGN_UP, variant="sm"), class_name="row"),
    )


def _section(title: str, *children: rx.Component) -> rx.Component:
    return card(card_head(title), rx.el.div(*children, class_name="card-body stack-sm"))
