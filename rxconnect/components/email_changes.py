"""A change of the email address that waits for one of the two addresses, on the profiles."""

from typing import Any

import reflex as rx

from rxconnect.components.forms import button
from rxconnect.i18n import _


def pending_email_change(change: Any, *, on_cancel: Any) -> rx.Component:
    """The foot of a card: which address has confirmed, and a button that stops the change."""
    return rx.cond(
        change,
        rx.el.div(
            rx.el.div(
                rx.el.p(_("Your email address is about to change."), class_name="strong small"),
                rx.el.ul(
                    _address(change.new_email, change.new_is_confirmed),
                    rx.cond(change.old_is_asked, _address(change.old_email, change.old_is_confirmed)),
                    class_name="rules",
                ),
                rx.el.p(_("The links work until {until}.").format(until=change.until), class_name="small muted"),
                class_name="stack-sm",
            ),
            button(_("Stop this change"), variant="quiet sm", on_click=on_cancel),
            class_name="card-foot",
        ),
    )


def _address(email: Any, is_confirmed: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(
            is_confirmed,
            _("{email}: confirmed").format(email=email),
            _("{email}: please open the link that we sent there").format(email=email),
        )
    )
