"""The frame of the staff's pages: a bar with the tools that the roles allow, and the warning before idle staff are signed out."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import button_class
from rxconnect.components.icons import brand_mark
from rxconnect.components.idle import idle_warning
from rxconnect.components.languages import language_choice
from rxconnect.components.native import in_page_link, native_link
from rxconnect.components.pieces import card, empty_state
from rxconnect.domain.accounts import Permission
from rxconnect.i18n import N_, _
from rxconnect.layout.frame import demo_strip, notices, page_heading, sign_out_button, steady_page
from rxconnect.state.session import SessionState
from rxconnect.state.staff.idle import IdleState

# The tools in the bar: section, label, address, and the permission that shows it.
_TOOLS = [
    ("review", N_("Review"), routes.STAFF, Permission.REVIEW_MESSAGES),
    ("print", N_("Print"), routes.PRINT, Permission.REVIEW_MESSAGES),
    ("contacts", N_("Contacts"), routes.STAFF_CONTACTS, Permission.REVIEW_MESSAGES),
    ("lawyers", N_("Lawyers"), routes.LAWYERS, Permission.VERIFY_LAWYERS),
    ("privileged", N_("Privileged"), routes.PRIVILEGED, Permission.SEE_AUDIT),
    ("kiosks", N_("Kiosks"), routes.STAFF_KIOSKS, Permission.SET_PINS),
    ("figures", N_("Figures"), routes.FIGURES, Permission.REVIEW_MESSAGES),
    ("quality", N_("Quality"), routes.QUALITY, Permission.SEE_QUALITY),
    ("rules", N_("Rules"), routes.RULES, Permission.SEE_RULES),
    ("finance", N_("Finance"), routes.FINANCE, Permission.SEE_FINANCE),
    ("rosters", N_("Rosters"), routes.ROSTERS, Permission.SEE_SETTINGS),
    ("settings", N_("Settings"), routes.FACILITY_SETTINGS, Permission.SEE_SETTINGS),
    ("team", N_("Team"), routes.TEAM, Permission.MANAGE_STAFF),
    ("audit", N_("Audit"), routes.AUDIT, Permission.SEE_AUDIT),
    ("reports", N_("Reports"), routes.REPORTS, Permission.SEE_REPORTS),
    ("demo", N_("Show RxConnect to a room"), routes.DEMO, Permission.SHOW_DEMOS),
]


def staff_frame(
    title: Any, *children: Any, section: str, lead: Any = None, action: rx.Component | None = None
) -> rx.Component:
    """A page of the staff. `section` is what the bar marks as the current page: a tool, or "profile"."""
    return rx.el.div(
        in_page_link(_("Skip to the page"), href="#page-title", class_name="skip"),
        # Only these pages need these styles.
        rx.el.link(rel="stylesheet", href="/staff.css", custom_attrs={"precedence": "default"}),
        rx.el.header(
            rx.el.a(
                brand_mark(), rx.el.span("RxConnect", class_name="brand-name"), href=routes.STAFF, class_name="brand"
            ),
            rx.el.nav(*(_tool(*tool, section) for tool in _TOOLS), class_name="desk-nav", aria_label=_("Tools")),
            rx.el.div(
                language_choice(), _profile_link(section), sign_out_button("plain sm"), class_name="row desk-account"
            ),
            class_name="desk-bar",
        ),
        rx.el.main(steady_page(page_heading(title, lead, action), *children), class_name="main desk-main"),
        idle_watch(),
        notices(),
        demo_strip(),
        class_name="desk",
    )


def refused_card(title: str, words: str) -> rx.Component:
    """What stands in place of a page that the actor's role does not show."""
    return card(empty_state("lock", title, words), class_name="narrow")


def idle_watch() -> rx.Component:
    """The warning before idle staff are signed out. Every page for staff has it."""
    return idle_warning(
        left=IdleState.left,
        warn=IdleState.warn,
        account=SessionState.browser_key,
        sign_in=routes.SIGN_IN,
        on_look=IdleState.look,
        on_stay=IdleState.stay,
    )


def _tool(name: str, label: str, address: str, permission: Permission, section: str) -> rx.Component:
    # The page that starts a demo session has posted forms that the server fills in, so it needs a plain link.
    make = native_link if address == routes.DEMO else rx.el.a
    link = make(_(label), href=address, custom_attrs=_aria_current(name, section))
    return rx.cond(SessionState.permissions.contains(permission.value), link)


def _profile_link(section: str) -> rx.Component:
    current = _aria_current("profile", section)
    return rx.el.a(
        _("Your profile"), href=routes.STAFF_PROFILE, class_name=button_class("plain sm"), custom_attrs=current
    )


def _aria_current(name: str, section: str) -> dict[str, str]:
    return {"aria-current": "page"} if name == section else {}
