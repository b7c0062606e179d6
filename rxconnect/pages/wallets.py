"""Credits: what is left at each facility."""

import reflex as rx

from rxconnect import routes
from rxconnect.components.forms import link_button
from rxconnect.components.pieces import card, skeleton
from rxconnect.components.wallets import wallet_list
from rxconnect.layout.frame import frame, problem_of
from rxconnect.state.wallets import CreditsState


def credits() -> rx.Component:
    """My wallets, and what a credit is."""
    return frame(
        "Credits",
        problem_of(CreditsState),
        rx.cond(
            CreditsState.ready,
            rx.el.div(
                card(wallet_list(CreditsState.wallets)),
                _explained(),
                class_name="grid",
            ),
            skeleton("block"),
        ),
        section="credits",
        lead="A credit belongs to one facility, because each sets its own price.",
        action=link_button("Buy credits", routes.BUY_CREDITS),
    )


def _explained() -> rx.Component:
    lines = (
        "When you send, the credit is set aside. It is spent only when the message is delivered.",
        "If a message is not delivered, its credit comes back at once.",
        "Credits never expire, and there are no fees on top.",
    )
    return rx.el.div(
        rx.el.h2("How credits work"),
        rx.el.ul(*(rx.el.li(line) for line in lines), class_name="rules"),
        rx.el.p(rx.el.a("Receipts", href=routes.RECEIPTS), class_name="small"),
        class_name="stack-sm",
    )
