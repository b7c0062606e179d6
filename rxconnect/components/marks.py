"""A text with marked passages, each with a note that says why."""

from typing import Any

import reflex as rx


def marked(pieces: Any) -> rx.Component:
    """A text cut into pieces (`domain.marks.Piece`)."""
    return rx.fragment(
        rx.foreach(
            pieces,
            lambda piece: rx.cond(piece.note != "", rx.el.mark(piece.text, title=piece.note), rx.el.span(piece.text)),
        )
    )
