"""The frame of every signed-in page: My Services at the left, on a phone a bar at the bottom."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.connection import connection
from rxconnect.components.forms import alert, button_class
from rxconnect.components.icons import brand_mark, icon
from rxconnect.components.native import in_page_link, native_form
from rxconnect.components.pieces import avatar
from rxconnect.components.sentences import spliced
from rxconnect.components.steady import steady
from rxconnect.i18n import N_, _
from rxconnect.state.session import SessionState

_SERVICES = [
    ("dashboard", N_("Dashboard"), N_("Home"), "home", routes.DASHBOARD),
    ("messaging", N_("Messaging"), N_("Messaging"), "letter", routes.INBOX),
    ("credits", N_("Credits"), N_("Credits"), "credits", routes.CREDITS),
    ("contacts", N_("Contacts"), N_("Contacts"), "people", routes.CONTACTS),
    ("receipts", N_("Receipts"), "", "receipt", routes.RECEIPTS),
]


def frame(
    title: Any, *children: Any, section: str, lead: Any = None, action: rx.Component | None = None, above: Any = None
) -> rx.Component:
    """A family page: its heading, a sentence under it, one action beside it, and its content."""
    return rx.el.div(
        in_page_link(_("Skip to the page"), href="#page-title", class_name="skip"),
        _side(section),
        rx.el.div(
            _top(),
            rx.el.main(_steady(above, _head(title, lead, action), *children), class_name="main"),
        ),
        _bar(section),
        _notices(),
        class_name="shell",
    )


def plain_frame(title: Any, *children: Any, lead: Any = None) -> rx.Component:
    """A page without the family's menu: for staff, and for what everyone may read."""
    return rx.el.div(
        in_page_link(_("Skip to the page"), href="#page-title", class_name="skip"),
        rx.el.main(
            rx.el.div(_brand(), class_name="plain-top"), _steady(_head(title, lead, None), *children), class_name="main"
        ),
        _notices(),
    )


def sign_out(variant: str) -> rx.Component:
    """The button that signs out. A real form post: the cookie is not a script's to touch."""
    return native_form(
        rx.el.button(icon("leave"), _("Sign out"), type="submit", class_name=button_class(variant)),
        method="post",
        action=routes.SIGN_OUT,
    )


def problem_of(state: Any) -> rx.Component:
    """What is wrong with the whole form or page of `state`, when something is."""
    return rx.cond(state.problem != "", alert(state.problem))


def _steady(*children: Any) -> rx.Component:
    return steady(*children, session=SessionState.get_full_name())


def _head(title: Any, lead: Any, action: rx.Component | None) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h1(title, id="page-title", tab_index=-1),
            rx.el.p(lead) if lead is not None else None,
        ),
        action,
        class_name="page-head",
    )


def _brand() -> rx.Component:
    return rx.el.a(brand_mark(), "RxConnect", href=routes.DASHBOARD, class_name="brand")


def _side(section: str) -> rx.Component:
    links = (
        rx.el.a(icon(picture), _(name), _unread(key), href=href, **_current(key, section))
        for key, name, _short, picture, href in _SERVICES
    )
    return rx.el.aside(
        _brand(),
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
                **_current("profile", section),
            ),
            sign_out("plain sm"),
            class_name="side-foot",
        ),
        class_name="side",
    )


def _top() -> rx.Component:
    """The top of a phone's page."""
    return rx.el.header(
        _brand(),
        rx.el.a(avatar(SessionState.initials), href=routes.PROFILE, aria_label=_("Profile")),
        class_name="top",
    )


def _bar(section: str) -> rx.Component:
    links = (
        rx.el.a(icon(picture), _(short), _unread(key), href=href, **_current(key, section))
        for key, _name, short, picture, href in _SERVICES
        if short
    )
    more = rx.el.a(icon("more"), _("Profile"), href=routes.PROFILE, **_current("profile", section))
    return rx.el.nav(*links, more, class_name="tabbar", aria_label=_("My Services, at the bottom"))


def _unread(key: str) -> rx.Component | None:
    if key != "messaging":
        return None
    count = rx.el.span(SessionState.unread, rx.el.span(" ", _("unread"), class_name="sr"), class_name="count")
    return rx.cond(SessionState.unread > 0, count)


def _current(key: str, section: str) -> dict[str, Any]:
    return {"custom_attrs": {"aria-current": "page"}} if key == section else {}


def _notices() -> rx.Component:
    close = rx.el.button(icon("close"), type="button", on_click=SessionState.dismiss, aria_label=_("Close"))
    apology = rx.el.span(
        *spliced(
            _(
                "Something unexpected happened on our side, and what you typed was kept. "
                "If it happens again, write to us with this number: {number}"
            ),
            number=rx.el.strong(SessionState.apology),
        )
    )
    return rx.fragment(
        rx.el.div(
            rx.cond(SessionState.notice != "", rx.el.div(rx.el.span(SessionState.notice), close)),
            rx.cond(SessionState.apology != "", rx.el.div(apology, close)),
            class_name="notice",
            role="status",
            aria_live="polite",
        ),
        connection(is_unavailable=SessionState.unavailable),
    )
