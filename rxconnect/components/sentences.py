"""Sentences with something in the middle: a link, a strong word, a value that the browser knows."""

from string import Formatter
from typing import Any

import reflex as rx

from rxconnect.i18n import ngettext


def spliced(sentence: str, **parts: Any) -> list[Any]:
    """Split a sentence into children, with `parts` for its placeholders, in the translator's order.

    `spliced(_("I accept the {terms}."), terms=rx.el.a(…))` gives three children.
    """
    children: list[Any] = []
    for text, name, *_format in Formatter().parse(sentence):
        children += [text] if text else []
        children += [parts[name]] if name else []
    return children


def plural(one: str, many: str, number: Any) -> rx.Var:
    """The sentence for a number that only the browser knows. It has two plural forms; some languages need more."""
    return rx.cond(number == 1, ngettext(one, many, 1).format(count=1), ngettext(one, many, 2).format(count=number))
