"""The name of a seat in a demo session, which its two forms ask for."""

import reflex as rx

from rxconnect.components.forms import native_field
from rxconnect.domain.demo import NAME_MAX
from rxconnect.i18n import _


def seat_name_field() -> rx.Component:
    """The field for the name that the others in the room see."""
    return native_field(
        _("Your name"),
        "name",
        auto_complete="name",
        required=True,
        max_length=NAME_MAX,
        hint=_("The others see it in the room."),
    )
