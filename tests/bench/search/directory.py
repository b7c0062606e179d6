"""The written roster in memory, as the query generator and the oracle look at it: names folded, people by surname."""

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
    """A row of the roster as written, but for what no query asks for."""

    facility: str
    number: str
    first: str
    last: str
    suffix: str
    aliases: str


@dataclass
class Directory:
    """Everyone, and who they are by folded surname (whole, joined, and each of several) and by facility."""

    people: list[Person]
    at: dict[str, range]
    by_surname: dict[str, list[int]]
    by_number: dict[str, list[int]]
    surnames: list[str]

    def everywhere(self) -> range:
        return range(len(self.people))

    def called(self, first: str, last: str, facility: str | None) -> int:
        """How many people in the facility, or everywhere, have names that begin so (folded)."""
        within = self.at[facility] if facility else self.everywhere()
        found = {
            index
            for surname in self.beginning(last)
            for index in self.by_surname[surname]
            if index in within and f" {fold(self.people[index].first)}".find(f" {first}") >= 0
        }
        return len(found)

    def beginning(self, prefix: str) -> Iterator[str]:
        """The folded surnames that begin so."""
        for at in range(bisect_left(self.surnames, prefix), len(self.surnames)):
            if not self.surnames[at].startswith(prefix):
                return
            yield self.surnames[at]


def read(folder: Path) -> Directory:
    """The roster that was written into `folder`."""
    people: list[Person] = []
    starts: dict[str, int] = {}
    same: dict[str, str] = {}
    keep = same.setdefault
    for facility, number, first, _middle, last, suffix, aliases, *_ in roster.read(folder):
        starts.setdefault(keep(facility, facility), len(people))
        people.append(
            Person(
                keep(facility, facility), number, keep(first, first), keep(last, last), keep(suffix, suffix), aliases
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
    """Small plain letters, words apart: `O'Neill-Núñez` -> `oneill nunez`."""
    return " ".join(_SIGNS.sub("", without_accents(name).lower()).replace("-", " ").split())


def bare(number: str) -> str:
    """Only letters and digits, small: `H-55210` -> `h55210`."""
    return "".join(ch for ch in number.lower() if ch.isalnum())
