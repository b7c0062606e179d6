"""The steps of the two journeys: to a first message, and to a purchase."""

from typing import Any

import reflex as rx

from rxconnect.components.pieces import steps
from rxconnect.i18n import _

_BUYING = 2


def first_message_titles() -> list[str]:
    """The steps to a first message, also shown in the dashboard's GET STARTED box."""
    return [_("Facility"), _("Find inmate"), _("Credits"), _("Write")]


def first_message_steps(current: int) -> rx.Component:
    """The step line from a facility to the first message."""
    return steps(first_message_titles(), current)


def buy_steps(current: int, is_guided: Any) -> rx.Component:
    """The step line from an amount to a receipt; in the walkthrough, the one of the first message."""
    purchase = [_("Amount"), _("Payment"), _("Review"), _("Receipt")]
    in_between = steps(first_message_titles(), _BUYING, part=purchase[current])
    return rx.cond(is_guided, in_between, steps(purchase, current))
