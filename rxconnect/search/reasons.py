"""Explains an inexact match in words for the person who searches."""

from __future__ import annotations

from rxconnect.domain.text import one_line
from rxconnect.search.likeness import Likeness
from rxconnect.search.normalise import name_key

_SENTENCES = {
    "begins with": "begins with “{typed}”",
    "close to": "close to “{typed}”",
    "sounds like": "sounds like “{typed}”",
    "nickname for": "“{typed}” is a nickname of this name",
    "nickname of": "nickname of “{typed}”",
    "nickname": "goes by “{typed}” too",
    "one name of": "one of two names is “{typed}”",
    "middle name": "by the middle name “{typed}”",
    "fewer names": "booked with fewer names",
    "other order": "names in another order",
    "swapped": "first and last name swapped",
    "as first name": "as a first name",
    "as last name": "as a last name",
    "initial": "booked with an initial",
    "also known as": "also known as {typed}",
    "another first name": "same last name, another first name",
    "another suffix": "without the suffix",
    "number begins with": "number begins with “{typed}”",
    "number close to": "number close to “{typed}”",
    "another name": "same number, another name",
    "another number": "same name, another number",
}


def sentence(likeness: Likeness, *fields: str) -> str:
    """What is inexact, with the word as it was typed into one of the fields; "" for an exact match."""
    if not likeness.why:
        return ""
    if likeness.why == "also known as":
        return _SENTENCES[likeness.why].format(typed=likeness.typed.title())
    typed = [word for field in fields for word in (one_line(field), *field.split())]
    shown = next((word for word in typed if name_key(word).replace(" ", "") == likeness.typed), likeness.typed)
    return _SENTENCES[likeness.why].format(typed=shown)
