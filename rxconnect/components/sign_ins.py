"""The list of an account's sign-ins, for families and staff."""

from typing import Any

import reflex as rx

from rxconnect.components.forms import button
from rxconnect.components.pieces import card, card_head, pill
from rxconnect.i18n import _


def sign_ins_card(sign_ins: Any, end: Any) -> rx.Component:
    """The signed-in browsers, with a button to end each one except this. The handler `end` takes an id."""
    return card(
        card_head(_("Where you are signed in")),
        rx.el.ul(
            rx.foreach(sign_ins, lambda one: _sign_in_row(one, end)),
            class_name="rows",
            aria_label=_("Where you are signed in"),
        ),
    )


def _sign_in_row(sign_in: Any, end: Any) -> rx.Component:
    sign_out = button(
        _("Sign out"),
        variant="plain sm",
        on_click=end(sign_in.id),
        aria_label=_("Sign out {device}, last used {last}").format(device=sign_in.device, last=sign_in.last),
    )
    return rx.el.li(
        rx.el.span(sign_in.device, class_name="strong"),
        rx.el.span(
            _("Signed in {first}").format(first=sign_in.first),
            rx.cond(sign_in.is_this, None, ", " + _("last used {last}").format(last=sign_in.last)),
            class_name="small muted",
        ),
        rx.el.div(rx.cond(sign_in.is_this, pill(_("This browser"), "good"), sign_out), class_name="row-actions"),
    )
