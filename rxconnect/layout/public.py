"""The frame of the pages that everybody may read, signed in or not: help, facilities and their prices."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.icons import brand_mark, icon
from rxconnect.components.languages import language_choice
from rxconnect.components.native import in_page_link, native_link
from rxconnect.i18n import _
from rxconnect.layout.frame import demo_strip, notices, page_heading, steady_page
from rxconnect.state.session import SessionState


def public_frame(title: Any, *children: Any, lead: Any = None, back: tuple[Any, Any] | None = None) -> rx.Component:
    """A page with a small menu. `back` is the label and the address of the page above it.

    The links are plain ones, because the server fills prices into some of these pages before it sends them.
    """
    above = rx.fragment(
        rx.cond(SessionState.name != "", _way_back(_("Back to my pages"), routes.HOME)),
        _way_back(*back) if back else None,
    )
    return rx.el.div(
        in_page_link(_("Skip to the page"), href="#page-title", class_name="skip"),
        rx.el.header(
            native_link(brand_mark(), "RxConnect", href=routes.HOME, class_name="brand"),
            rx.el.nav(
                native_link(_("Help"), href=routes.HELP),
                native_link(_("Facilities"), href=routes.FACILITIES),
                native_link(rx.cond(SessionState.name != "", _("My pages"), _("Sign in")), href=routes.HOME),
                class_name="public-nav",
                aria_label=_("Pages"),
            ),
            language_choice(),
            class_name="public-top",
        ),
        rx.el.main(steady_page(above, page_heading(title, lead, None), *children), class_name="main public-main"),
        notices(),
        demo_strip(),
    )


def _way_back(label: Any, href: Any) -> rx.Component:
    return native_link(icon("back"), label, href=href, class_name="back")
