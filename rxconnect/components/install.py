"""Offers to put RxConnect on a phone's home screen (`install.js`)."""

import reflex as rx

from rxconnect import routes


class InstallCard(rx.Component):
    """A card, shown on phones and tablets that can and have not. With `may_close` it can be closed for good."""

    library = "$/utils/install.js"
    tag = "InstallCard"

    may_close: rx.Var[bool]
    help: rx.Var[str]


def install_card(*, may_close: bool = False) -> rx.Component:
    """The card."""
    return InstallCard.create(may_close=may_close, help=routes.HELP_PHONE)
