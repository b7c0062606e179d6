"""The steps of the two journeys: to a first message, and to a purchase."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.ahead import fetch_ahead
from rxconnect.components.pieces import steps
from rxconnect.i18n import _

_BUYING = 2
# The pages from a facility to the first message that no menu leads to.
_WAY = (
    routes.FIND_INMATE,
    routes.FOUND,
    routes.BUY_CREDITS,
    routes.PAYMENT,
    routes.REVIEW,
    routes.COMPOSE,
    routes.SEND,
)


def first_message_titles() -> list[str]:
    """The steps to a first message, also shown in the dashboard's GET STARTED box."""
    return [_("Facility"), _("Find inmate"), _("Credits"), _("Compose")]


def first_message_steps(current: int, done: Any) -> rx.Component:
    """The step line from a facility to the first message, for those who are led along it.

    `done` says of each step whether it is done, and is empty for everybody else (`SessionState.steps_done`).
    """
    # Its height is kept, because only the State says who is led.
    return rx.el.div(
        rx.cond(done.length() > 0, steps(first_message_titles(), current, done=done)),
        fetch_ahead(*_WAY),
        class_name="steps-place",
    )


def buy_steps(current: int, done: Any) -> rx.Component:
    """The step line from an amount to a receipt; for those who are led to their first message, that one."""
    purchase = [_("Amount"), _("Payment"), _("Review"), _("Receipt")]
    in_between = steps(first_message_titles(), _BUYING, part=purchase[current], done=done)
    return rx.cond(done.length() > 0, in_between, steps(purchase, current))
