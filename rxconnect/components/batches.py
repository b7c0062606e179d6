"""Batches of letters to print, as lines of a list."""

from typing import Any

import reflex as rx

from rxconnect.components.forms import button
from rxconnect.i18n import _


def batch_line(one: Any, letters: Any, on_open: Any) -> rx.Component:
    """A batch that was made, its number of `letters` in words, and the button that opens it."""
    return rx.el.li(
        rx.el.span(one.facility, " · ", one.made, class_name="strong num"),
        rx.el.span(
            letters,
            " · ",
            one.made_by,
            " · ",
            rx.cond(one.confirmed != "", one.confirmed, _("not confirmed yet")),
            class_name="small muted num",
        ),
        rx.el.div(button(_("Open"), variant="quiet sm", on_click=on_open), class_name="row-actions"),
        key=one.id,
    )


def ready_line(one: Any, letters: Any, on_make: Any) -> rx.Component:
    """What a facility has to print, as `letters` in words, and the button that makes a batch of it."""
    return rx.el.li(
        rx.el.span(one.facility, class_name="strong"),
        rx.el.span(letters, class_name="small muted num"),
        rx.el.div(button(_("Make a batch"), variant="sm", on_click=on_make), class_name="row-actions"),
        key=one.facility_id,
    )
