"""The two paths of the product, as steps."""

import reflex as rx

from rxconnect.components.pieces import steps


def find_steps(current: int) -> rx.Component:
    """From a facility to the first letter."""
    return steps(["Facility", "Find inmate", "Credits", "Write"], current)


def buy_steps(current: int) -> rx.Component:
    """From an amount to a receipt."""
    return steps(["Amount", "Payment", "Review", "Receipt"], current)
