"""What the forms ask for that lead into a demo session: the name of the seat, and who may join."""

import reflex as rx

from rxconnect.components.forms import native_field
from rxconnect.components.native import native_radio
from rxconnect.domain.demo import NAME_MAX
from rxconnect.i18n import _


def seat_name_field(*, is_trainer: bool = False) -> rx.Component:
    """The field for the name that the others in the room see. A trainer's stands in the summary, too."""
    in_summary = _("The others see it in the room, and it stands in the summary.")
    return native_field(
        _("Your name"),
        "name",
        auto_complete="name",
        required=True,
        max_length=NAME_MAX,
        hint=in_summary if is_trainer else _("The others see it in the room."),
    )


def guest_choices() -> rx.Component:
    """Whether people without an account may join the session that is started."""
    return rx.el.fieldset(
        rx.el.legend(_("Who may join?"), class_name="legend"),
        rx.el.div(
            _guest_choice("yes", _("Anybody with the code"), is_first=True),
            _guest_choice("no", _("Only people with an account here")),
            class_name="stack-xs",
        ),
    )


def _guest_choice(value: str, label: str, *, is_first: bool = False) -> rx.Component:
    return rx.el.label(
        native_radio("guests", value, is_chosen=is_first),
        rx.el.span(label),
        class_name="check",
    )
