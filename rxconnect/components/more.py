"""The button below a list that loads more of its lines, or other ones (`more.js`)."""

from typing import Any

import reflex as rx

from rxconnect.components.forms import button_class


class More(rx.Component):
    """A button. After a press, the first new line of the list above it gets the focus."""

    library = "$/utils/more.js"
    tag = "More"


def more_button(label: Any, *, variant: str, on_click: Any) -> rx.Component:
    """The button; `variant` is as in `forms.button`."""
    return More.create(label, on_click=on_click, class_name=button_class(variant))
