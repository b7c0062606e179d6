"""Sentences as facts: an English sentence with its values, which is put into words when somebody reads it, in their language.

A refusal of a file and the report of an import are made by one person or a job and read by another, also days later. So they are
kept as facts, also in the database. Two sentences never become one text before they are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias, Union

from rxconnect.domain import dates, money
from rxconnect.domain.text import one_line
from rxconnect.i18n import _, ngettext, number_text

# A text is told as it is: it is what a file says, or was kept by an older version.
Value: TypeAlias = Union[int, str, "Sentence", Sequence[Union["Sentence", str]]]

# Not all that `str.format` knows: a file may have made the process say anything that reads it.
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_FORMATS: dict[str, Callable[[Any], str]] = {
    "credits": money.credits,
    "cents": money.dollars,
    "day": lambda iso: dates.full_date(date.fromisoformat(iso)),
}


@dataclass(slots=True, init=False)
class Sentence:
    """A sentence, or a part of one: `Sentence("{name} is empty.", name="list.csv")`. The catalogs know each by this call.

    A value may be a sentence itself, or several of them, which commas part. `many` is the plural of one that counts.
    """

    text: str
    about: dict[str, Value] = field(default_factory=dict)
    many: str = ""

    def __init__(self, text: str, /, **about: Value):
        self.text, self.many = text, ""
        # A file may hold any characters, and a database may not.
        self.about = {name: one_line(value) if isinstance(value, str) else value for name, value in about.items()}

    @classmethod
    def counted(cls, one: str, many: str, count: int, /, **about: Value) -> Sentence:
        """A sentence with a number, which is its value `count`."""
        sentence = cls(one, count=count, **about)
        sentence.many = many
        return sentence

    @classmethod
    def kept(cls, stored: Any) -> Any:
        """What was kept as JSON (`dataclasses.asdict`). A text stays one."""
        match stored:
            case {"text": text, "about": about, "many": many}:
                sentence = cls(text, **{name: cls.kept(value) for name, value in about.items()})
                sentence.many = many
                return sentence
            case list():
                return [cls.kept(one) for one in stored]
        return stored

    def __str__(self) -> str:
        """The sentence in the reader's language."""
        count = self.about.get("count")
        text = ngettext(self.text, self.many, count) if self.many and isinstance(count, int) else _(self.text)
        told = {name: value_text(name, value) for name, value in self.about.items()}
        return _PLACEHOLDER.sub(lambda place: told.get(place[1], place[0]), text)


def value_text(name: str, value: Value) -> str:
    """A value of a sentence in words. Its name says whether it is money, or a day."""
    if make := _FORMATS.get(name):
        return make(value)
    if isinstance(value, int):
        return number_text(value)
    return str(value) if isinstance(value, str | Sentence) else ", ".join(map(str, value))
