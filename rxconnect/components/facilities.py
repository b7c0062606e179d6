"""Facilities in lists."""

from typing import Any

import reflex as rx

from rxconnect.components.forms import field, text_input
from rxconnect.components.pieces import pill
from rxconnect.i18n import _

_DEBOUNCE = 250  # milliseconds after the last key, before a search


def town_and_state(facility: Any) -> rx.Component:
    """Town and state."""
    return rx.el.span(facility.place)


def opening_status(facility: Any) -> rx.Component:
    """The opening status, shown only when the facility is not open."""
    return rx.cond(~facility.is_open, pill(facility.opening_label, facility.opening_tone))


def facility_search(state: Any) -> rx.Component:
    """The field that finds facilities while the user types. `state` has `text`, `search` and `problems["text"]`."""
    problem = state.problems["text"]
    control = text_input(
        "facility",
        type="search",
        problem=problem,
        hint=True,
        given=state.text,
        on_tell=state.search,
        pause=_DEBOUNCE,
        auto_complete="off",
    )
    hint = _("Its name, town, county, state or ZIP code. Half a name is enough.")
    return field(_("Find a facility"), control, name="facility", problem=problem, hint=hint)
