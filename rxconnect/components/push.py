"""Turns notices on this screen on and off (`push.js`)."""

from typing import Any

import reflex as rx

from rxconnect import routes


class PushSwitch(rx.Component):
    """A card, shown where the browser can show notices. `server_key` is our public key; `is_on` is what the server knows."""

    library = "$/utils/push.js"
    tag = "PushSwitch"

    server_key: rx.Var[str]
    is_on: rx.Var[bool]
    turn_on_at: rx.Var[str]
    turn_off_at: rx.Var[str]


def push_switch(*, key: Any, is_on: Any) -> rx.Component:
    """The card with the switch."""
    return PushSwitch.create(server_key=key, is_on=is_on, turn_on_at=routes.PUSH_ON, turn_off_at=routes.PUSH_OFF)
