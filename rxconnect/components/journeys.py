"""The two paths of the product, as steps."""

from typing import Any

import reflex as rx

from rxconnect.components.pieces import steps

# What the first message takes. The walkthrough's box on the dashboard says the same words.
FIRST_MESSAGE = ["Facility", "Find inmate", "Credits", "Write"]
_PURCHASE = ["Amount", "Payment", "Review", "Receipt"]


def find_steps(current: int) -> rx.Component:
    """From a facility to the first message."""
    return steps(FIRST_MESSAGE, current)


def buy_steps(current: int, is_guided: Any) -> rx.Component:
    """From an amount to a receipt. For who is led to a first message that is one step of theirs, and does not start over."""
    in_between = steps(FIRST_MESSAGE, FIRST_MESSAGE.index("Credits"), part=_PURCHASE[current])
    return rx.cond(is_guided, in_between, steps(_PURCHASE, current))
