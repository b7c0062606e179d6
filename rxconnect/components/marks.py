"""A text with marked passages."""

from typing import Any

import reflex as rx


def marked(pieces: Any) -> rx.Component:
    """A text cut into pieces (`domain.marks.Piece`), each marked one with a note that says why."""
    return rx.fragment(
        rx.foreach(
            pieces,
            lambda piece: rx.cond(piece.note != "", rx.el.mark(piece.text, title=piece.note), rx.el.span(piece.text)),
        )
    )


def highlighted(pieces: Any) -> rx.Component:
    """A text as (part, whether it matches what was typed)."""
    return rx.foreach(pieces, lambda piece: rx.cond(piece[1], rx.el.mark(piece[0]), rx.el.span(piece[0])))
