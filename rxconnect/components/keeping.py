"""Ways to keep letters: on paper, as a PDF, and as an archive."""

from typing import Any

import reflex as rx

from rxconnect.components.forms import button_class
from rxconnect.components.icons import icon
from rxconnect.components.native import native_link
from rxconnect.i18n import _


class PrintButton(rx.Component):
    """A button that prints the page (`print_button.js`)."""

    library = "$/utils/print_button.js"
    tag = "PrintButton"


def keep_letters(label: str, *, pdf: Any, archive: Any = None) -> rx.Component:
    """Buttons to print and to download. `label` names them for a screen reader; `pdf` and `archive` are addresses."""
    look = button_class("plain sm")
    return rx.el.div(
        PrintButton.create(icon("print"), _("Print"), class_name=look),
        native_link(icon("download"), _("PDF"), href=pdf, class_name=look),
        native_link(icon("download"), _("Archive with all letters and photos"), href=archive, class_name=look)
        if archive is not None
        else None,
        class_name="row keeping",
        role="group",
        aria_label=label,
    )
