"""Step "Facility": choose one of the account's locations."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.facilities import opening_status, town_and_state
from rxconnect.components.forms import button, link_button
from rxconnect.components.journeys import first_message_steps
from rxconnect.components.pieces import card, empty_state, skeleton
from rxconnect.i18n import _
from rxconnect.layout.family import frame
from rxconnect.layout.frame import problem_of
from rxconnect.state.family.facilities import ChooseFacilityState

_ADD = routes.with_query(routes.PROFILE, for_="find")
_EVERYWHERE = routes.with_query(routes.FIND_INMATE, everywhere="yes")


def choose_facility() -> rx.Component:
    """The locations to choose from, and a link to add another."""
    return frame(
        _("Choose the facility"),
        problem_of(ChooseFacilityState),
        rx.cond(ChooseFacilityState.ready, card(_locations(), class_name="narrow"), skeleton("block")),
        section="messaging",
        above=first_message_steps(0),
        lead=_("Where is the person you want to write to?"),
    )


def _locations() -> rx.Component:
    return rx.cond(
        ChooseFacilityState.locations,
        rx.fragment(
            rx.el.ul(rx.foreach(ChooseFacilityState.locations, _location), class_name="rows"),
            rx.el.div(
                rx.el.span(_("Is the facility not here?"), " ", rx.el.a(_("Add it in your profile"), href=_ADD)),
                rx.el.span(_("Not sure where they are?"), " ", rx.el.a(_("Search everywhere"), href=_EVERYWHERE)),
                class_name="card-foot small",
            ),
        ),
        empty_state(
            "place",
            _("You have no locations yet"),
            _(
                "Your locations are the facilities you write to. Add the first in your profile; then you come back here."
            ),
            link_button(_("Add a facility in your profile"), _ADD),
            rx.el.p(_("Not sure where they are?"), " ", rx.el.a(_("Search everywhere"), href=_EVERYWHERE)),
        ),
    )


def _location(facility) -> rx.Component:
    return rx.el.li(
        rx.el.span(facility.name, class_name="strong"),
        rx.el.span(town_and_state(facility), opening_status(facility), class_name="small muted row"),
        rx.el.div(
            button(
                _("Choose"),
                variant="sm",
                on_click=ChooseFacilityState.choose(facility.id),
                aria_label=_("Choose {name}").format(name=facility.name),
            ),
            class_name="row-actions",
        ),
    )
