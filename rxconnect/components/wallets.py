"""Wallets: credits at each facility, on badges."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from rxconnect.components.pieces import credit_badge, empty_state
from rxconnect.i18n import _


def wallet_list(wallets: Any, below: Callable[[Any], rx.Component] | None = None) -> rx.Component:
    """One wallet a facility, each with `below` under it; a sentence when there are none."""
    return rx.cond(
        wallets,
        rx.el.ul(
            rx.foreach(wallets, lambda wallet: _wallet_row(wallet, below(wallet) if below else None)),
            class_name="wallet-list",
        ),
        empty_state(
            "credits",
            _("No credits yet"),
            _("Credits pay for messages. They are spent only when a message is delivered."),
        ),
    )


def _wallet_row(wallet: Any, below: rx.Component | None) -> rx.Component:
    # Without anything below, the list stands in a narrow column.
    name = wallet.facility_short if below is None else wallet.facility
    return rx.el.li(
        credit_badge(wallet.credits),
        rx.el.div(
            rx.el.div(name, class_name="strong"),
            rx.el.div(_("{price} each, nothing added").format(price=wallet.price), class_name="small muted num"),
            rx.cond(
                wallet.held > 0,
                rx.el.div(
                    _("{held} set aside for messages and answers").format(held=wallet.held),
                    class_name="small muted num",
                ),
            ),
            rx.cond(
                wallet.frozen > 0,
                rx.el.div(
                    _("{frozen} frozen while your bank looks into a payment").format(frozen=wallet.frozen),
                    class_name="small muted num",
                ),
            ),
        ),
        below,
        class_name="wallet",
    )
