"""Explains an inexact match in words for the person who searches."""

from __future__ import annotations

from rxconnect.domain.text import one_line
from rxconnect.i18n import N_, _
from rxconnect.search.likeness import Likeness
from rxconnect.search.normalise import name_key

_SENTENCES = {
    "begins with": N_("begins with “{typed}”"),
    "close to": N_("close to “{typed}”"),
    "sounds like": N_("sounds like “{typed}”"),
    "nickname for": N_("“{typed}” is a nickname of this name"),
    "nickname of": N_("nickname of “{typed}”"),
    "nickname": N_("goes by “{typed}” too"),
    "one name of": N_("one of two names is “{typed}”"),
    "middle name": N_("by the middle name “{typed}”"),
    "not in the name": N_("“{typed}” is not in this name"),
    "other order": N_("names in another order"),
    "swapped": N_("first and last name swapped"),
    "as first name": N_("as a first name"),
    "as last name": N_("as a last name"),
    "initial": N_("booked with an initial"),
    "also known as": N_("also known as {typed}"),
    "another first name": N_("same last name, another first name"),
    "another suffix": N_("without the suffix"),
    "number begins with": N_("number begins with “{typed}”"),
    "number close to": N_("number close to “{typed}”"),
    "another name": N_("same number, another name"),
    "another number": N_("same name, another number"),
    "another birth": N_("another age than “{typed}”"),
    "birth not known": N_("age not on the list"),
}


def sentence(likeness: Likeness, *fields: str) -> str:
    """A sentence about an inexact match, with the word as typed into one of the `fields`; "" for an exact match."""
    if not likeness.why:
        return ""
    if likeness.why == "also known as":
        return _(_SENTENCES[likeness.why]).format(typed=likeness.typed.title())
    typed = [word for field in fields for word in (one_line(field), *field.split())]
    shown = next((word for word in typed if name_key(word).replace(" ", "") == likeness.typed), likeness.typed)
    return _(_SENTENCES[likeness.why]).format(typed=shown.strip(",;"))
