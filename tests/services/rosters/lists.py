"""Reads a roster file as an import does, without a database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeVar

from rxconnect.domain.imports import ImportReport
from rxconnect.domain.inmates import Person
from rxconnect.domain.readings import Choices
from rxconnect.services.rosters.roster_files import open_roster

Report = TypeVar("Report", bound=ImportReport)


def in_words(report: Report) -> Report:
    """A report as its reader reads it."""
    told = ("notes", "suspicious", "merges")
    lines = {name: [*map(str, getattr(report, name))] for name in told if hasattr(report, name)}
    return replace(report, **lines, bad=[replace(row, reason=str(row.reason)) for row in report.bad])


class Read(NamedTuple):
    """The people by number, the reasons of rows that were left out, the notes, and the number of rows."""

    people: dict[str, Person]
    bad: list[str]
    notes: list[str]
    total: int

    @property
    def names(self) -> dict[str, str]:
        """First and last names by number."""
        return {number: f"{person.first_name} {person.last_name}" for number, person in self.people.items()}

    @property
    def housing(self) -> list[str]:
        """The housing of each person, in the file's order."""
        return [person.housing for person in self.people.values()]

    @property
    def lines(self) -> list[str]:
        """Each person in a line: number, names, birth date and housing."""
        return [" ".join(map(str, filter(None, _cells(person)))) for person in self.people.values()]


def _cells(person: Person) -> tuple[object, ...]:
    names = (person.first_name, person.middle_name, person.last_name, person.suffix)
    return (person.number, *names, person.birth_date, person.housing)


def read(path: Path, **columns: str) -> Read:
    """Read a file as the list of one facility, with these columns chosen."""
    with open_roster(path, facility="alder", choices=lambda _header: Choices(columns)) as file:
        roster = file.roster("alder") if file.facilities else None
        if roster is None:
            return Read({}, [], [*map(str, file.notes)], 0)
        return Read(
            {person.number: person for person in roster.people.values()},
            [str(bad.reason) for bad in roster.report.bad],
            [*map(str, file.notes)],
            roster.report.total,
        )
