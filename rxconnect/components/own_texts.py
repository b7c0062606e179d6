"""Texts that people and facilities have written, marked as the language that they are in (`domain/own_texts.py`)."""

from typing import Any

import reflex as rx


def written_in(language: Any) -> dict[str, Any]:
    """What marks a letter as the language that it was recognised as, and lets it run in its own direction."""
    return {"lang": rx.cond(language != "", language, rx.Var("undefined")), "dir": "auto"}


def own_text_item(own) -> rx.Component:
    """A text of a facility in a list."""
    return rx.el.li(own.text, lang=own.language)
