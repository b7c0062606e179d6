"""Parts that several frames share: the heading, the notices, and a page without a menu."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.connection import connection
from rxconnect.components.forms import alert, button_class
from rxconnect.components.icons import brand_mark, icon
from rxconnect.components.languages import language_choice
from rxconnect.components.native import in_page_link, native_form, native_link
from rxconnect.components.room import room
from rxconnect.components.sentences import spliced
from rxconnect.components.steady import steady
from rxconnect.components.toasts import toasts
from rxconnect.i18n import _
from rxconnect.state.demo.room import RoomState
from rxconnect.state.session import SessionState


def plain_frame(title: Any, *children: Any, lead: Any = None) -> rx.Component:
    """A page without a menu: the terms, the outbox, and pages that are not found."""
    return rx.el.div(
        in_page_link(_("Skip to the page"), href="#page-title", class_name="skip"),
        rx.el.main(
            rx.el.div(
                logo_link(),
                help_link(class_name=f"{button_class('plain sm')} push"),
                language_choice(),
                class_name="plain-top row",
            ),
            steady_page(page_heading(title, lead, None), *children),
            class_name="main",
        ),
        notices(),
        demo_strip(),
    )


def sign_out_button(variant: str) -> rx.Component:
    """The button that signs out. It posts a form, because scripts cannot delete the cookie."""
    return native_form(
        rx.el.button(icon("leave"), _("Sign out"), type="submit", class_name=button_class(variant)),
        method="post",
        action=routes.SIGN_OUT,
    )


def problem_of(state: Any) -> rx.Component:
    """The problem of `state`'s whole form or page, if there is one."""
    return rx.cond(state.problem != "", alert(state.problem))


def steady_page(*children: Any) -> rx.Component:
    """Keep a page's content while its connection comes and goes."""
    return steady(*children, session=SessionState.get_full_name())


def page_heading(title: Any, lead: Any, action: rx.Component | None) -> rx.Component:
    """The heading of a page, the sentence `lead` under it, and one action beside it."""
    return rx.el.div(
        rx.el.div(
            rx.el.h1(title, id="page-title", tab_index=-1),
            rx.el.p(lead) if lead is not None else None,
        ),
        action,
        class_name="page-head",
    )


def missing(problem: Any, *ways: rx.Component) -> rx.Component:
    """What a page shows when its address names nothing, or somebody else's: the `problem`, and links to go on."""
    lead = rx.fragment(
        rx.el.span(problem, role="alert"), " ", _("Everything that is yours is where it was. Go on from here:")
    )
    return rx.fragment(page_heading(_("Not found"), lead, None), rx.el.div(*ways, class_name="row"))


def help_link(**props: Any) -> rx.Component:
    """The way to the help. A plain link, because the server fills prices into its pages."""
    return native_link(_("Help"), href=routes.HELP, **props)


def logo_link() -> rx.Component:
    """Our name, as a link to the dashboard."""
    return rx.el.a(brand_mark(), "RxConnect", href=routes.DASHBOARD, class_name="brand")


def notices(undo: rx.Component | None = None) -> rx.Component:
    """The page's notice, apology and connection status. `undo` offers to undo what was just removed."""
    close = close_notice()
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
        toasts(
            rx.cond(SessionState.notice != "", rx.el.div(rx.el.span(SessionState.notice), close)),
            rx.cond(SessionState.apology != "", rx.el.div(apology, close)),
            undo,
            on_close=SessionState.dismiss_notice,
        ),
        connection(is_unavailable=SessionState.unavailable),
    )


def close_notice() -> rx.Component:
    """The button that closes a notice."""
    return rx.el.button(icon("close"), type="button", custom_attrs={"data-close": "true"}, aria_label=_("Close"))


def demo_strip() -> rx.Component:
    """What a page of the product says of the demo session that it is in."""
    return room(
        state=RoomState.get_full_name(), home=routes.back_to_room(), room=routes.DEMO_ROOM, judge=routes.DEMO_JUDGE
    )
