"""The two paths of the product, as steps."""

from typing import Any

import reflex as rx

from rxconnect.components.pieces import steps
from rxconnect.i18n import _

_BUYING = 2


def first_message() -> list[str]:
    """What the first message takes. The walkthrough's box on the dashboard says the same words."""
    return [_("Facility"), _("Find inmate"), _("Credits"), _("Write")]


def find_steps(current: int) -> rx.Component:
    """From a facility to the first message."""
    return steps(first_message(), current)


def buy_steps(current: int, is_guided: Any) -> rx.Component:
    """From an amount to a receipt. For who is led to a first message that is one step of theirs, and does not start over."""
    purchase = [_("Amount"), _("Payment"), _("Review"), _("Receipt")]
    in_between = steps(first_message(), _BUYING, part=purchase[current])
    return rx.cond(is_guided, in_between, steps(purchase, current))
