"""Step "Facility": say to whom to write, as a number, a name or a facility, or choose one of the account's locations."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.arrow_keys import arrow_keys
from rxconnect.components.facilities import opening_status, town_and_state
from rxconnect.components.forms import button_class, field, link_button, text_input
from rxconnect.components.journeys import first_message_steps
from rxconnect.components.pieces import card, pill, skeleton
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.state.family.facilities import ChooseFacilityState
from rxconnect.state.session import SessionState

_ADD = routes.with_query(routes.PROFILE, for_="find")
_EVERYWHERE = routes.with_query(routes.FIND_INMATE, everywhere="yes")
_DEBOUNCE = 200  # milliseconds after the last key, before a search


def choose_facility() -> rx.Component:
    """One field that finds people and facilities, and below it the locations to choose from."""
    state = ChooseFacilityState
    return frame(
        _("Who are you writing to?"),
        problem_of(state),
        rx.cond(
            state.ready,
            card(
                arrow_keys(
                    _search_field(),
                    rx.cond(state.has_searched, _found(), _locations()),
                    count=state.people.length() + state.facilities.length(),
                ),
                class_name="narrow",
            ),
            skeleton("rows", narrow=True),
        ),
        section="messaging",
        above=first_message_steps(0, SessionState.steps_done),
        lead=_("Not sure of the spelling? Type what you remember."),
    )


def _search_field() -> rx.Component:
    state = ChooseFacilityState
    control = text_input(
        "recipient",
        type="search",
        problem=state.problems["recipient"],
        hint=True,
        given=state.text,
        on_tell=state.search,
        pause=_DEBOUNCE,
        auto_complete="off",
    )
    return rx.el.form(
        field(
            _("Their number or name, or the facility"),
            control,
            name="recipient",
            problem=state.problems["recipient"],
            hint=_("Two letters of a name, or four digits of the number, are enough to begin."),
        ),
        on_submit=state.take,
        no_validate=True,
        role="search",
        class_name="card-body",
    )


def _found() -> rx.Component:
    """The people and facilities that the text may mean."""
    state = ChooseFacilityState
    people = rx.cond(state.people, _list(_("People"), state.people, _person))
    places = rx.cond(state.facilities, _list(_("Facilities"), state.facilities, _facility))
    is_nothing = (state.people.length() + state.facilities.length()) == 0
    return rx.el.div(
        # Enter leads here, before the first of them.
        rx.el.h2(_("What we found"), id="recipients", tab_index=-1, class_name="sr landing"),
        rx.cond(state.is_somebody, rx.fragment(people, places), rx.fragment(places, people)),
        rx.el.p(
            rx.cond(
                is_nothing,
                _("Nobody and no facility on our lists matches that. Try fewer letters, or only the last name."),
                rx.cond(state.has_more, _("More people match. Type more, or search with every detail you know."), ""),
            ),
            " ",
            rx.el.a(_("Search everywhere"), href=_EVERYWHERE),
            role="status",
            class_name="card-foot small muted",
        ),
    )


def _list(name: str, found, row) -> rx.Component:
    return rx.el.section(
        rx.el.h2(name, class_name="found-head"),
        rx.el.ul(
            rx.foreach(found, row), key=ChooseFacilityState.matches_key, class_name="rows matches", aria_label=name
        ),
    )


def _person(person, place) -> rx.Component:
    """A person to select. Only the likeliest has the button that stands out."""
    state = ChooseFacilityState
    return rx.el.li(
        rx.el.span(
            rx.el.span(person.name, class_name="strong"),
            rx.cond(person.why != "", rx.el.span(" ", person.why, class_name="small muted")),
        ),
        rx.el.div(
            rx.el.div(
                rx.el.span(person.detail),
                rx.cond(person.custody_label != "", pill(person.custody_label, "wait")),
                rx.cond(person.is_contact, pill(_("In your contacts"), "good")),
                class_name="num row",
            ),
            rx.el.div(f"{person.facility}, {person.place}"),
            class_name="small muted",
        ),
        rx.el.div(
            rx.el.button(
                _("Select"),
                type="button",
                class_name=rx.cond(
                    (place == 0) & (state.is_somebody | ~state.facilities), button_class("sm"), button_class("quiet sm")
                ),
                on_click=ChooseFacilityState.select_person(person.ticket),
                aria_label=_("Select {name}, {number}").format(name=person.name, number=person.number),
            ),
            class_name="row-actions",
        ),
    )


def _locations() -> rx.Component:
    """The account's locations, and the way to its profile, where they are kept."""
    return rx.cond(
        ChooseFacilityState.locations,
        rx.fragment(
            _list(_("Your locations"), ChooseFacilityState.locations, _facility),
            rx.el.div(
                rx.el.span(_("Is the facility not here?"), " ", rx.el.a(_("Add it in your profile"), href=_ADD)),
                rx.el.span(_("Not sure where they are?"), " ", rx.el.a(_("Search everywhere"), href=_EVERYWHERE)),
                class_name="card-foot small",
            ),
        ),
        rx.el.div(
            rx.el.p(_("You have not added a facility yet."), class_name="small muted"),
            rx.el.div(
                link_button(_("Add a facility in your profile"), _ADD, variant="quiet sm"),
                link_button(_("Search everywhere"), _EVERYWHERE, variant="plain sm"),
                class_name="row",
            ),
            class_name="card-foot stacked",
        ),
    )


def _facility(facility, place) -> rx.Component:
    """A facility to choose. The press also adds one that is not a location yet."""
    state = ChooseFacilityState
    is_likeliest = state.has_searched & ~state.is_somebody & (place == 0)
    return rx.el.li(
        rx.el.span(facility.name, class_name="strong"),
        rx.el.span(town_and_state(facility), opening_status(facility), class_name="small muted row"),
        rx.el.div(
            rx.el.button(
                rx.cond(facility.is_my_location, _("Choose"), _("Add and choose")),
                type="button",
                class_name=rx.cond(is_likeliest, button_class("sm"), button_class("quiet sm")),
                on_click=ChooseFacilityState.choose(facility.id),
                aria_label=rx.cond(
                    facility.is_my_location,
                    _("Choose {name}").format(name=facility.name),
                    _("Add and choose {name}").format(name=facility.name),
                ),
            ),
            class_name="row-actions",
        ),
    )
