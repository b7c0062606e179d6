"""Arrow keys between a search's fields and the buttons of its results (`arrow_keys.js`)."""

from typing import Any

import reflex as rx


class ArrowKeys(rx.Component):
    """Search fields, and below them a list (`.rows`) with a button in every line."""

    library = "$/utils/arrow_keys.js"
    tag = "ArrowKeys"

    # The number of lines, so that after "Show more" the focus moves to the first new line.
    count: rx.Var[int]


def arrow_keys(*children: rx.Component, count: Any) -> rx.Component:
    """Add arrow keys to `children`: Down moves from a field into the list, Up and Down within it, Escape back."""
    return ArrowKeys.create(*children, count=count)
