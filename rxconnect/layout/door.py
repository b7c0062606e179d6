"""The frame of the pages before sign-in: our promise at the left, one short form at the right."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.ahead import fetch_ahead
from rxconnect.components.icons import brand_mark, icon
from rxconnect.components.languages import language_choice_of_form
from rxconnect.components.native import in_page_link, native_link, slot
from rxconnect.i18n import N_, _
from rxconnect.layout.frame import demo_strip

_PROMISES = [
    N_("A credit is spent only when your message is delivered. If it is not, the credit comes back."),
    N_("One price, with everything included. Credits never expire."),
    N_("You see what happens to every message, and why."),
]


def door_page(title: str, *children: Any, lead: Any = None) -> rx.Component:
    """A page with one form. The server's notices and problems are right above it."""
    return rx.el.div(
        in_page_link(_("Skip to the form"), href="#page-title", class_name="skip"),
        _promises(),
        rx.el.main(
            rx.el.div(
                _logo_link(),
                rx.el.div(
                    rx.el.h1(title, id="page-title", tab_index=-1),
                    rx.el.p(lead, class_name="muted") if lead else None,
                    class_name="stack-sm",
                ),
                slot("form-notice", "alert alert-good", role="status"),
                slot("form-problem", "alert alert-bad", role="alert"),
                *children,
                language_choice_of_form(children),
                _help_links(),
            ),
            class_name="door-form",
        ),
        demo_strip(),
        fetch_ahead(routes.DASHBOARD),
        class_name="door",
    )


def _help_links() -> rx.Component:
    """The way to what one wants to know before signing up."""
    return rx.el.p(
        native_link(_("What it costs"), href=routes.HELP_COST),
        rx.el.span(" · ", class_name="muted"),
        native_link(_("Help"), href=routes.HELP),
        class_name="small",
    )


def _logo_link() -> rx.Component:
    return rx.el.a(brand_mark(), "RxConnect", href=routes.SIGN_IN, class_name="brand")


def _promises() -> rx.Component:
    return rx.el.aside(
        _logo_link(),
        rx.el.blockquote(_("Words from home should not get lost, and should not cost more than they say.")),
        rx.el.ul(*(rx.el.li(icon("check"), _(promise)) for promise in _PROMISES), class_name="promises"),
        class_name="door-words",
        aria_label=_("What we promise"),
    )
