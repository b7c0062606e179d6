"""The frame of the family's pages: My Services at the left, or on a phone a bar at the bottom."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.ahead import fetch_ahead
from rxconnect.components.forms import button_class, link_button
from rxconnect.components.icons import icon
from rxconnect.components.languages import language_choice
from rxconnect.components.native import in_page_link
from rxconnect.components.pieces import avatar
from rxconnect.components.undo import undo
from rxconnect.i18n import N_, _
from rxconnect.layout.frame import (
    close_notice,
    demo_strip,
    help_link,
    logo_link,
    missing,
    notices,
    page_heading,
    sign_out_button,
    steady_page,
)
from rxconnect.state.family.undo import UndoState
from rxconnect.state.session import SessionState

_SERVICES = [
    ("dashboard", N_("Dashboard"), N_("Home"), "home", routes.DASHBOARD),
    ("messaging", N_("Messaging"), N_("Messaging"), "envelope", routes.INBOX),
    ("credits", N_("Credits"), N_("Credits"), "credits", routes.CREDITS),
    ("contacts", N_("Contacts"), N_("Contacts"), "people", routes.CONTACTS),
    ("receipts", N_("Receipts"), N_("Receipts"), "receipt", routes.RECEIPTS),
]


def frame(
    title: Any,
    *children: Any,
    section: str,
    lead: Any = None,
    action: rx.Component | None = None,
    above: Any = None,
    screen: Any = None,
) -> rx.Component:
    """A family page: its heading, the sentence `lead` under it, one action beside it, and its content.

    `screen` is the State of a page whose address names something that may be missing.
    """
    content = rx.fragment(above, page_heading(title, lead, action), *children)
    if screen is not None:
        content = rx.cond(screen.is_missing, missing(screen.problem, *_ways_on(section)), content)
    return rx.el.div(
        in_page_link(_("Skip to the page"), href="#page-title", class_name="skip"),
        _sidebar(section),
        rx.el.div(
            _phone_header(section),
            rx.el.main(steady_page(content), class_name="main"),
        ),
        _bottom_bar(section),
        notices(undo(close_notice(), removal=SessionState.removal, on_undo=UndoState.undo)),
        demo_strip(),
        fetch_ahead(*(href for *_words, href in _SERVICES), routes.PROFILE),
        class_name="shell",
    )


def _ways_on(section: str) -> list[rx.Component]:
    """Links from a page that shows nothing: to its section, and to the dashboard."""
    known = [(_(name), href) for key, name, _short, _picture, href in _SERVICES if key in (section, "dashboard")]
    return [
        link_button(name, href, variant="quiet" if place else "") for place, (name, href) in enumerate(reversed(known))
    ]


def _sidebar(section: str) -> rx.Component:
    links = (
        rx.el.a(icon(picture), _(name), _unread_count(key), href=href, **_aria_current(key, section))
        for key, name, _short, picture, href in _SERVICES
    )
    return rx.el.aside(
        logo_link(),
        rx.el.nav(
            # The name of the navigation says it to a screen reader.
            rx.el.p(_("My Services"), class_name="nav-title", custom_attrs={"aria-hidden": "true"}),
            *links,
            class_name="nav",
            aria_label=_("My Services"),
        ),
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
            rx.el.div(sign_out_button("plain sm"), help_link(class_name=button_class("plain sm")), class_name="row"),
            language_choice(),
            class_name="side-foot",
        ),
        class_name="side",
    )


def _phone_header(section: str) -> rx.Component:
    """The top of a phone's page, with the way to the profile."""
    return rx.el.header(
        logo_link(),
        rx.el.div(
            help_link(class_name=button_class("plain sm")),
            language_choice(),
            rx.el.a(
                rx.el.span(_("Profile"), class_name="top-word"),
                avatar(SessionState.initials),
                href=routes.PROFILE,
                **_aria_current("profile", section),
            ),
            class_name="row",
        ),
        class_name="top",
    )


def _bottom_bar(section: str) -> rx.Component:
    links = (
        rx.el.a(icon(picture), _(short), _unread_count(key), href=href, **_aria_current(key, section))
        for key, _name, short, picture, href in _SERVICES
    )
    return rx.el.nav(*links, class_name="tabbar", aria_label=_("My Services, at the bottom"))


def _unread_count(key: str) -> rx.Component | None:
    if key != "messaging":
        return None
    count = rx.el.span(SessionState.unread, rx.el.span(" ", _("unread"), class_name="sr"), class_name="count")
    return rx.cond(SessionState.unread > 0, count)


def _aria_current(key: str, section: str) -> dict[str, Any]:
    return {"custom_attrs": {"aria-current": "page"}} if key == section else {}
