"""The frame of the family's pages: My Services at the left, or on a phone a bar at the bottom."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.icons import icon
from rxconnect.components.native import in_page_link
from rxconnect.components.pieces import avatar
from rxconnect.i18n import N_, _
from rxconnect.layout.frame import demo_strip, logo_link, notices, page_heading, sign_out_button, steady_page
from rxconnect.state.session import SessionState

_SERVICES = [
    ("dashboard", N_("Dashboard"), N_("Home"), "home", routes.DASHBOARD),
    ("messaging", N_("Messaging"), N_("Messaging"), "envelope", routes.INBOX),
    ("credits", N_("Credits"), N_("Credits"), "credits", routes.CREDITS),
    ("contacts", N_("Contacts"), N_("Contacts"), "people", routes.CONTACTS),
    ("receipts", N_("Receipts"), "", "receipt", routes.RECEIPTS),
]


def frame(
    title: Any, *children: Any, section: str, lead: Any = None, action: rx.Component | None = None, above: Any = None
) -> rx.Component:
    """A family page: its heading, the sentence `lead` under it, one action beside it, and its content."""
    return rx.el.div(
        in_page_link(_("Skip to the page"), href="#page-title", class_name="skip"),
        _sidebar(section),
        rx.el.div(
            _phone_header(),
            rx.el.main(steady_page(above, page_heading(title, lead, action), *children), class_name="main"),
        ),
        _bottom_bar(section),
        notices(),
        demo_strip(),
        class_name="shell",
    )


def _sidebar(section: str) -> rx.Component:
    links = (
        rx.el.a(icon(picture), _(name), _unread_count(key), href=href, **_aria_current(key, section))
        for key, name, _short, picture, href in _SERVICES
    )
    return rx.el.aside(
        logo_link(),
        rx.el.nav(rx.el.h2(_("My Services")), *links, class_name="nav", aria_label=_("My Services")),
        rx.el.div(
            rx.el.a(
                avatar(SessionState.initials),
                rx.el.span(
                    rx.el.span(SessionState.name, class_name="strong"),
                    rx.el.br(),
                    rx.el.span(_("Profile"), class_name="muted"),
                ),
                href=routes.PROFILE,
                class_name="me",
                **_aria_current("profile", section),
            ),
            sign_out_button("plain sm"),
            class_name="side-foot",
        ),
        class_name="side",
    )


def _phone_header() -> rx.Component:
    """The top of a phone's page."""
    return rx.el.header(
        logo_link(),
        rx.el.a(avatar(SessionState.initials), href=routes.PROFILE, aria_label=_("Profile")),
        class_name="top",
    )


def _bottom_bar(section: str) -> rx.Component:
    links = (
        rx.el.a(icon(picture), _(short), _unread_count(key), href=href, **_aria_current(key, section))
        for key, _name, short, picture, href in _SERVICES
        if short
    )
    more = rx.el.a(icon("more"), _("Profile"), href=routes.PROFILE, **_aria_current("profile", section))
    return rx.el.nav(*links, more, class_name="tabbar", aria_label=_("My Services, at the bottom"))


def _unread_count(key: str) -> rx.Component | None:
    if key != "messaging":
        return None
    count = rx.el.span(SessionState.unread, rx.el.span(" ", _("unread"), class_name="sr"), class_name="count")
    return rx.cond(SessionState.unread > 0, count)


def _aria_current(key: str, section: str) -> dict[str, Any]:
    return {"custom_attrs": {"aria-current": "page"}} if key == section else {}
