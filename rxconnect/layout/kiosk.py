"""The frame of the kiosk's pages: large, calm, and with one way out that leaves nothing behind.

Its links replace the page in the browser's history, so that nobody comes back to a page of somebody else with Back.
"""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button_class
from rxconnect.components.icons import brand_mark, icon
from rxconnect.components.idle import fresh_page, idle_warning, leave_form
from rxconnect.components.languages import language_choice, language_choice_of_form
from rxconnect.components.native import in_page_link, slot
from rxconnect.i18n import N_, _
from rxconnect.layout.frame import demo_strip, notices, page_heading, steady_page
from rxconnect.state.kiosk.idle import KioskIdleState
from rxconnect.state.session import SessionState

_PLACES = [
    ("inbox", N_("Letters"), "envelope", routes.KIOSK_INBOX),
    ("notices", N_("Notices"), "receipt", routes.KIOSK_NOTICES),
    ("senders", N_("People"), "people", routes.KIOSK_SENDERS),
    ("rules", N_("Rules"), "place", routes.KIOSK_RULES),
]


def kiosk_door(title: Any, *children: Any, lead: Any = None) -> rx.Component:
    """A page before sign-in, with one form. The server fills in where the kiosk stands, its notices and its problems."""
    return rx.el.div(
        _stylesheet(),
        in_page_link(_("Skip to the form"), href="#page-title", class_name="skip"),
        fresh_page(),
        rx.el.main(
            rx.el.div(
                rx.el.div(brand_mark(), "RxConnect", slot("kiosk-place", "kiosk-place"), class_name="kiosk-brand"),
                rx.el.div(
                    rx.el.h1(title, id="page-title", tab_index=-1),
                    rx.el.p(lead, class_name="muted") if lead else None,
                    class_name="stack-sm",
                ),
                slot("form-notice", "alert alert-good", role="status"),
                slot("form-problem", "alert alert-bad", role="alert"),
                *children,
                slot("kiosk-demo", "alert"),
                language_choice_of_form(children),
                class_name="kiosk-door",
            ),
        ),
        class_name="kiosk",
    )


def kiosk_frame(title: Any, *children: Any, section: str, lead: Any = None, back: Any = None) -> rx.Component:
    """A page of somebody who is signed in. `back` is the address of the page above this one."""
    return rx.el.div(
        _stylesheet(),
        in_page_link(_("Skip to the page"), href="#page-title", class_name="skip"),
        demo_strip(),
        rx.el.header(
            rx.el.p(rx.el.span(SessionState.first_name, class_name="strong"), class_name="kiosk-who"),
            rx.el.nav(*(_link(*place, section) for place in _PLACES), aria_label=_("Pages"), class_name="kiosk-nav"),
            language_choice(),
            leave_form(
                rx.el.button(icon("leave"), _("Sign out"), type="submit", class_name=button_class("quiet")),
                sign_in=routes.with_query(routes.KIOSK, done="signed-out"),
                sign_out=routes.KIOSK_SIGN_OUT,
                mark=KioskIdleState.mark,
            ),
            class_name="kiosk-bar",
        ),
        rx.el.main(
            steady_page(
                rx.el.a(icon("back"), _("Back"), href=back, replace=True, class_name=button_class("plain kiosk-back"))
                if back is not None
                else None,
                page_heading(title, lead, None),
                *children,
            ),
            class_name="kiosk-main",
        ),
        idle_warning(
            left=KioskIdleState.left,
            warn=KioskIdleState.warn,
            account=SessionState.browser_key,
            sign_in=routes.with_query(routes.KIOSK, done="ended"),
            sign_out=routes.KIOSK_SIGN_OUT,
            mark=KioskIdleState.mark,
            on_look=KioskIdleState.look,
            on_stay=KioskIdleState.stay,
        ),
        notices(),
        class_name="kiosk",
    )


def kiosk_link(*children: Any, href: Any, **props: Any) -> rx.Component:
    """A link to another page of the kiosk, which takes this page's place in the history."""
    return rx.el.a(*children, href=href, replace=True, **props)


def _link(name: str, label: str, picture: str, address: str, section: str) -> rx.Component:
    current = {"aria-current": "page"} if name == section else {}
    return kiosk_link(icon(picture), _(label), href=address, custom_attrs=current)


def _stylesheet() -> rx.Component:
    """Only these pages need these styles."""
    return rx.el.link(rel="stylesheet", href="/kiosk.css", custom_attrs={"precedence": "default"})
