"""Arrow keys between the fields of a search and the buttons of what it finds (`arrow_keys.js`)."""

from typing import Any

import reflex as rx


class ArrowKeys(rx.Component):
    """Fields, and below them a list (`.rows`) of which every line has a button."""

    library = "$/utils/arrow_keys.js"
    tag = "ArrowKeys"

    # How many lines the list has, so that the focus can go on with the lines that come by "Show more".
    count: rx.Var[int]


def arrow_keys(*children: rx.Component, count: Any) -> rx.Component:
    """Down from a field into the list, up and down within it, and Escape back to the field."""
    return ArrowKeys.create(*children, count=count)
