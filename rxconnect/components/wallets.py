"""Wallets: credits at each facility, as stamps."""

from typing import Any

import reflex as rx

from rxconnect.components.pieces import empty, stamp


def wallet_list(wallets: Any) -> rx.Component:
    """One line a facility; a sentence when there are none."""
    return rx.cond(
        wallets,
        rx.el.ul(rx.foreach(wallets, _wallet)),
        empty(
            "credits", "No credits yet", "Credits pay for messages. They are spent only when a message is delivered."
        ),
    )


def _wallet(wallet: Any) -> rx.Component:
    return rx.el.li(
        stamp(wallet.credits),
        rx.el.div(
            rx.el.div(wallet.facility, class_name="strong"),
            rx.el.div(f"{wallet.price} each, nothing added", class_name="small muted num"),
            rx.cond(
                wallet.held > 0,
                rx.el.div(f"{wallet.held} set aside for messages in review", class_name="small muted num"),
            ),
        ),
        class_name="wallet",
    )
