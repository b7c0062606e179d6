"""The links between the pages about quality, each for those who may see it."""

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Permission
from rxconnect.i18n import N_, _
from rxconnect.state.session import SessionState

_LINKS = (
    (routes.QUALITY, N_("Agreement"), Permission.SEE_QUALITY),
    (routes.SECOND_READINGS, N_("Read again"), Permission.REVIEW_MESSAGES),
    (routes.DISAGREEMENTS, N_("Disagreements"), Permission.ADMINISTER),
    (routes.WARM_UP, N_("Warm-up"), Permission.REVIEW_MESSAGES),
)


def quality_links(current: str) -> rx.Component:
    """The links, with the page at the address `current` marked."""

    def link(address: str, label: str, permission: Permission) -> rx.Component:
        marked = {"aria-current": "page"} if address == current else {}
        return rx.cond(
            SessionState.permissions.contains(permission.value), rx.el.a(_(label), href=address, custom_attrs=marked)
        )

    return rx.el.nav(*(link(*one) for one in _LINKS), class_name="segments quality-links", aria_label=_("Quality"))
