"""Where somebody is signed in, for the pages of families and of staff."""

from typing import Any

import reflex as rx

from rxconnect.components.forms import button
from rxconnect.components.pieces import card, card_head, pill


def sign_ins_card(sign_ins: Any, end: Any) -> rx.Component:
    """Every browser that is signed in, with the end of each but this one. `end` is a handler that takes an id."""
    return card(
        card_head("Where you are signed in"),
        rx.el.ul(
            rx.foreach(sign_ins, lambda one: _sign_in(one, end)),
            class_name="rows",
            aria_label="Where you are signed in",
        ),
    )


def _sign_in(sign_in: Any, end: Any) -> rx.Component:
    sign_out = button(
        "Sign out",
        variant="plain sm",
        on_click=end(sign_in.id),
        aria_label=f"Sign out {sign_in.device}, last used {sign_in.last}",
    )
    return rx.el.li(
        rx.el.span(sign_in.device, class_name="strong"),
        rx.el.span(
            f"Signed in {sign_in.first}",
            rx.cond(sign_in.is_this, None, f", last used {sign_in.last}"),
            class_name="small muted",
        ),
        rx.el.div(rx.cond(sign_in.is_this, pill("This browser", "good"), sign_out), class_name="row-actions"),
    )
