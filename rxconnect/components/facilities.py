"""Facilities in lists."""

from typing import Any

import reflex as rx

from rxconnect.components.pieces import pill


def town_and_state(facility: Any) -> rx.Component:
    """Town and state."""
    return rx.el.span(facility.place)


def opening_status(facility: Any) -> rx.Component:
    """The opening status, shown only when the facility is not open."""
    return rx.cond(~facility.is_open, pill(facility.opening_label, facility.opening_tone))
