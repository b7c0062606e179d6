"""Sentences with something in the middle: a link, a strong word, a value that the browser knows."""

from string import Formatter
from typing import Any

import reflex as rx

from rxconnect.i18n import ngettext


def spliced(sentence: str, **parts: Any) -> list[Any]:
    """The children that make up a sentence, with `parts` in its places: a translator may put them in another order.

    `spliced(_("I accept the {terms}."), terms=rx.el.a(…))` gives three children.
    """
    children: list[Any] = []
    for text, name, *_format in Formatter().parse(sentence):
        children += [text] if text else []
        children += [parts[name]] if name else []
    return children


def plural(one: str, many: str, number: Any) -> rx.Var:
    """The sentence for a number that only the browser knows: one of two, so in a language with more forms it reads oddly."""
    return rx.cond(number == 1, ngettext(one, many, 1).format(count=1), ngettext(one, many, 2).format(count=number))
