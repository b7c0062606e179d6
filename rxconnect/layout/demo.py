"""The frame of the pages of demo sessions. Each says that nothing in it is real."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button_class
from rxconnect.components.icons import brand_mark
from rxconnect.components.languages import language_choice_of_form
from rxconnect.components.native import in_page_link, native_form, native_link, slot
from rxconnect.i18n import _
from rxconnect.layout.frame import notices, page_heading, steady_page


def demo_frame(title: Any, *children: Any, lead: Any = None, beside: Any = None) -> rx.Component:
    """A page of a demo session. `beside` is shown at the top right."""
    return rx.el.div(
        rx.el.link(rel="stylesheet", href="/demo.css", custom_attrs={"precedence": "default"}),
        in_page_link(_("Skip to the page"), href="#page-title", class_name="skip"),
        rx.el.header(
            native_link(brand_mark(), "RxConnect", href=routes.HOME, class_name="brand"),
            rx.el.span(_("Demonstration"), class_name="demo-mark"),
            rx.el.div(beside, class_name="push") if beside is not None else None,
            class_name="demo-top",
        ),
        rx.el.main(
            steady_page(page_heading(title, lead, None), *children),
            language_choice_of_form(children),
            class_name="main demo-main",
        ),
        notices(),
    )


def form_message_slots() -> rx.Component:
    """Slots for the server's notice and problem about a posted form."""
    return rx.fragment(
        slot("form-notice", "alert alert-good", role="status"), slot("form-problem", "alert alert-bad", role="alert")
    )


def post_button(label: Any, address: str, *, variant: str = "") -> rx.Component:
    """A button that posts to an address of ours and follows its redirect. A script could not change the seat's cookie."""
    return native_form(
        rx.el.button(label, type="submit", class_name=button_class(variant)), method="post", action=address
    )
