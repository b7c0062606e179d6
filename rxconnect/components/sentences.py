"""Sentences with something in the middle: a link, a strong word, a value that the browser knows."""

from string import Formatter
from typing import Any

import reflex as rx

from rxconnect.i18n import ngettext, plural_examples, plural_form, plural_rule


def spliced(sentence: str, **parts: Any) -> list[Any]:
    """Split a sentence into children, with `parts` for its placeholders, in the translator's order.

    `spliced(_("I accept the {terms}."), terms=rx.el.a(…))` gives three children.
    """
    children: list[Any] = []
    for text, name, *_format in Formatter().parse(sentence):
        children += [text] if text else []
        children += [parts[name]] if name else []
    return children


def named(words: Any, subject: Any) -> str:
    """The name of a button among others like it: the `words` on it, and what it is about.

    It begins with the words that one sees, since people say them to press it by voice (WCAG 2.5.3).
    """
    return f"{words}: {subject}"


def plural(one: str, many: str, number: Any) -> rx.Var:
    """The sentence for a number that only the browser knows, in as many forms as the language has."""
    usual = rx.cond(number == 1, ngettext(one, many, 1).format(count=1), ngettext(one, many, 2).format(count=number))
    # By form, a number that has it. Most languages say of nearly every number the same as of 2.
    others = {
        form: example for form, example in plural_examples().items() if form not in (plural_form(1), plural_form(2))
    }
    if not others:
        return usual
    shown = rx.Var.create(number)
    form = rx.Var(
        f"((n) => Number({plural_rule()}))({shown!s})", _var_type=int, _var_data=shown._get_all_var_data()
    ).guess_type()
    told = rx.cond(
        form == plural_form(1), ngettext(one, many, 1).format(count=number), ngettext(one, many, 2).format(count=number)
    )
    for other, example in others.items():
        told = rx.cond(form == other, ngettext(one, many, example).format(count=number), told)
    return told
