"""Reads what a family typed: which number, which names and which year of birth may be meant, whatever the field.

Most queries have one reading, with each text in its own field. Whatever else is possible is a further reading, and a
search finds the people of all readings, so that a wrong guess hides nobody.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from rxconnect.domain import clock
from rxconnect.domain.inmates import InmateQuery
from rxconnect.search import born, number_text, whole_names
from rxconnect.search.born import Born
from rxconnect.search.names import TypedName
from rxconnect.search.normalise import number_key

_LEAST_LETTERS, _LEAST_OF_A_NUMBER = 2, 4  # less would list half a roster
_LEAST_IN_A_NAME, _LEAST_IN_ITS_FIELD = 4, 1  # letters and digits that are read as a number
_YEAR = re.compile(r"(?:19|20)\d\d")
_TWO_DIGITS = re.compile(r"(?<!\w)[0-9]{2}(?!\w)")


class Reading(NamedTuple):
    """One way to understand a query: a `number_key` or "", and ways to read its names, of which there may be none."""

    number: str
    names: tuple[TypedName, ...]
    born: Born | None


def readings(query: InmateQuery) -> list[Reading]:
    """The ways to understand a query, the likeliest first. There is none for a query without number and name."""
    return _readings(query, clock.now().date())


@lru_cache(maxsize=64)
def _readings(query: InmateQuery, _today: date) -> list[Reading]:
    """As `readings`. Cached, because a search needs them several times; an age means other years on another day."""
    hint = born.read(query.born)
    names = whole_names.ways_to_read(query.first_name, query.last_name)
    as_typed = Reading(number_key(query.number), names, hint)
    if _is_in_its_fields(query):
        return [as_typed] if as_typed.number or names else []
    as_typed, found = as_typed._replace(names=names[:1]), _told_apart(query, hint)
    if not _has_digit(as_typed.number) and number_text.without_unknown(query.number) is not None:
        as_typed = as_typed._replace(number="")
    if as_typed.number:
        found.insert(0, as_typed)
    elif any(as_typed.names[0] not in reading.names for reading in found if as_typed.names):
        found.append(as_typed)  # last, because a name with digits in it is rarely one
    found = list(dict.fromkeys(reading for reading in found if reading.number or reading.names))
    # `DOC# 20` must not list everyone whose number begins so.
    return [reading for reading in found if is_long_enough(reading)] or found


def is_long_enough(reading: Reading) -> bool:
    """Whether a reading has at least two letters of a name, or four characters of a number."""
    letters = "".join(f"{wanted.first.whole}{wanted.last.whole}" for wanted in reading.names[:1])
    return sum(ch.isalpha() for ch in letters) >= _LEAST_LETTERS or len(reading.number) >= _LEAST_OF_A_NUMBER


def likeliest(query: InmateQuery) -> InmateQuery:
    """The query with each text in the field to which it most likely belongs."""
    if _is_in_its_fields(query):
        first, last = whole_names.usual_fields(query.first_name, query.last_name)
        return replace(query, first_name=first, last_name=last)
    apart = _Apart(query)
    first, last = whole_names.usual_fields(apart.first, apart.last)
    return replace(query, number=apart.numbers[0] if apart.numbers else "", first_name=first, last_name=last)


def _is_in_its_fields(query: InmateQuery) -> bool:
    names = f"{query.first_name} {query.last_name}"
    return not _has_digit(names) and (not query.number or number_text.is_only_a_number(query.number))


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


class _Apart:
    """The texts of a query, sorted by what they are."""

    def __init__(self, query: InmateQuery) -> None:
        number, self.born = born.cut_out(query.number)
        rest = number_text.without_unknown(number)
        if rest is not None:
            said = born.read(rest)
            self.born, number = self.born or said, re.sub(r"\d", "", rest) if said else rest
        in_number = number_text.take_apart(number, _LEAST_IN_ITS_FIELD)
        first, last = self._name(query.first_name), self._name(query.last_name)
        self.numbers = in_number.numbers or first.numbers or last.numbers
        self.first, self.last = first.names, last.names
        if not (number_key(self.first) or number_key(self.last)):
            self.last = in_number.names
        # A name beside a number may be the first or the last one.
        is_beside = not query.first_name if self.last else not query.last_name
        self.is_either_name = is_beside and (self.last, self.first) != (query.last_name, query.first_name)

    def _name(self, text: str) -> number_text.Parts:
        text, hint = born.cut_out(text)
        if not hint and (two := _TWO_DIGITS.search(text)) and (hint := born.read(two[0])):
            text = f"{text[: two.start()]} {text[two.end() :]}"
        self.born = self.born or hint
        return number_text.take_apart(text, _LEAST_IN_A_NAME)


def _told_apart(query: InmateQuery, hint: Born | None) -> list[Reading]:
    apart = _Apart(query)
    names = whole_names.ways_to_read(apart.first, apart.last)
    if apart.is_either_name:
        names = (*(way._replace(swapped=0) for way in names[:1]), *names[1:])
    found = [Reading(number, names, hint or apart.born) for number in apart.numbers] or [
        Reading("", names, hint or apart.born)
    ]
    # Four digits beside a name may be the beginning of a number, or a year.
    years = [born.read(number) for number in apart.numbers if _YEAR.fullmatch(number)] if names else []
    return [*found, *(Reading("", names, year) for year in years if year)]
