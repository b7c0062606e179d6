"""Batches of letters to print, as lines of a list."""

from typing import Any

import reflex as rx

from rxconnect.components.forms import button
from rxconnect.domain.print_batches import Handover
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


def handover(page: Any, label: Any, on_choose: Any, *, is_confirmed: Any) -> rx.Component:
    """What became of a printed page: a choice until the batch is confirmed, and then what was chosen."""
    return rx.cond(
        is_confirmed,
        rx.el.span(page.handover_label, class_name="small muted"),
        rx.el.select(
            rx.el.option(_("Handed over"), value=Handover.HANDED_OVER.value),
            rx.el.option(_("Person moved"), value=Handover.MOVED.value),
            rx.el.option(_("Could not be handed over"), value=Handover.UNDELIVERABLE.value),
            on_change=on_choose,
            class_name="input",
            aria_label=label,
        ),
    )
