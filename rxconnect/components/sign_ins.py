"""The list of an account's sign-ins, for families and staff."""

from typing import Any

import reflex as rx

from rxconnect.components.asking import asking
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


def sign_out_everywhere(action: str) -> rx.Component:
    """The button that ends every sign-in of the account. It posts a form to `action`."""
    return asking(
        _("Sign out everywhere"),
        _("Sign out everywhere, here too? Each browser must enter the password again."),
        _("Yes, sign out everywhere"),
        id="ask-everywhere",
        keep=_("Stay signed in"),
        action=action,
    )


def _sign_in_row(sign_in: Any, end: Any) -> rx.Component:
    sign_out = asking(
        _("Sign out"),
        _("Sign out {device}? Whoever uses it must enter the password again.").format(device=sign_in.device),
        _("Sign it out"),
        end(sign_in.id),
        id="ask-sign-in-" + sign_in.id.to_string(),
        keep=_("Leave it signed in"),
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
        key=sign_in.id,
    )
