"""What a trainer has broken, as the room and the trainer's page tell it."""

from typing import Any

import reflex as rx


def outcome(came: Any) -> rx.Component:
    """A break in its sentences, of which the last one says what it shows. `came` is a Var of a `BreakView`."""
    return rx.el.div(
        rx.foreach(came.sentences, rx.el.p),
        class_name=rx.match(
            came.tone, ("good", "outcome good"), ("wait", "outcome wait"), ("bad", "outcome bad"), "outcome"
        ),
    )
