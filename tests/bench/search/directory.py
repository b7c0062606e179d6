"""The written roster in memory, for the query generator and the oracle: names folded, people by surname."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from tests.bench.search import roster
from tests.bench.search.roster import without_accents


class Person(NamedTuple):
    """A row of the written roster, with the columns that queries use."""

    facility: str
    number: str
    first: str
    last: str
    suffix: str
    aliases: str
    middle: str = ""
    born: int = 0  # the year, or 0


@dataclass
class Directory:
    """All people, and their indexes by folded surname (whole, joined, and each of several) and by facility."""

    people: list[Person]
    at: dict[str, range]
    by_surname: dict[str, list[int]]
    by_number: dict[str, list[int]]
    surnames: list[str]

    def everywhere(self) -> range:
        return range(len(self.people))

    def called(self, first: str, last: str, facility: str | None) -> int:
        """The number of people in the facility, or everywhere, whose names begin like this (folded)."""
        within = self.at[facility] if facility else self.everywhere()
        found = {
            index
            for surname in self.beginning(last)
            for index in self.by_surname[surname]
            if index in within and f" {fold(self.people[index].first)}".find(f" {first}") >= 0
        }
        return len(found)

    def beginning(self, prefix: str) -> Iterator[str]:
        """The folded surnames with this prefix."""
        for at in range(bisect_left(self.surnames, prefix), len(self.surnames)):
            if not self.surnames[at].startswith(prefix):
                return
            yield self.surnames[at]


def read(folder: Path) -> Directory:
    """Read the roster in `folder`."""
    people: list[Person] = []
    starts: dict[str, int] = {}
    same: dict[str, str] = {}
    keep = same.setdefault
    for facility, number, first, middle, last, suffix, aliases, birth_date, *_ in roster.read(folder):
        starts.setdefault(keep(facility, facility), len(people))
        people.append(
            Person(
                keep(facility, facility),
                number,
                keep(first, first),
                keep(last, last),
                keep(suffix, suffix),
                aliases,
                keep(middle, middle),
                int(birth_date[:4] or 0),
            )
        )
    ends = [*list(starts.values())[1:], len(people)]
    at = {key: range(start, end) for (key, start), end in zip(starts.items(), ends, strict=True)}
    by_surname: defaultdict[str, list[int]] = defaultdict(list)
    by_number: defaultdict[str, list[int]] = defaultdict(list)
    forms: dict[str, set[str]] = {}
    for index, person in enumerate(people):
        if person.last not in forms:
            words = fold(person.last).split()
            forms[person.last] = {*words, " ".join(words), "".join(words)}
        for form in forms[person.last]:
            by_surname[form].append(index)
        by_number[bare(person.number)].append(index)
    return Directory(people, at, by_surname, by_number, sorted(by_surname))


_SIGNS = re.compile(r"['’.]")


@lru_cache(maxsize=200_000)
def fold(name: str) -> str:
    """Lower case without accents, words separated: `O'Neill-Núñez` -> `oneill nunez`."""
    return " ".join(_SIGNS.sub("", without_accents(name).lower()).replace("-", " ").split())


def bare(number: str) -> str:
    """Only letters and digits, in lower case: `H-55210` -> `h55210`."""
    return "".join(ch for ch in number.lower() if ch.isalnum())
