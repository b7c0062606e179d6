"""A file of rosters, one facility's or a whole department's: read once in full, then looked up by facility and number.

Meanwhile a scratch database on disk keeps the position of each row. It is deleted when the process ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from rxconnect.domain.errors import BadFile
from rxconnect.domain.imports import RosterPlan
from rxconnect.domain.inmates import Person
from rxconnect.services.files import columns
from rxconnect.services.files.files import open_import_file
from rxconnect.services.files.rows import ImportFile, Row
from rxconnect.services.rosters import roster_columns, roster_rows
from rxconnect.services.rosters.roster_columns import FIELDS
from rxconnect.services.rosters.roster_rows import number_of

Progress = Callable[[int, int], None]

# No facility holds more people. A file with more is about several facilities, or names the wrong column.
_MOST_AT_ONE = 200_000
# A roster with more rows left out than this number and this share is suspicious.
_LEFT_OUT, _LEFT_OUT_OF_ALL = 2, 0.2
_TELL_EVERY = 5_000  # rows


@dataclass(slots=True)
class FacilityRoster:
    """One facility in a file: its people by number (`roster_rows.number_of`), and the rows that were left out."""

    people: dict[str, Person] = field(default_factory=dict)
    # The numbers of rows that were left out. These people still count as listed: a bad row must not release them.
    unreadable: set[str] = field(default_factory=set)
    # The fields for which the file has no column (`roster_columns.missing_columns`).
    missing_columns: frozenset[str] = frozenset()
    report: RosterPlan = field(default_factory=RosterPlan)


class Listed(NamedTuple):
    """A person in the file, and the key of the facility that lists them."""

    facility: str
    person: Person


class RosterFile:
    """An open file of rosters.

    `facilities` counts the rows of each facility by its key, in the order of the file; `first_lines` are the lines
    where they begin. `columns` are the columns that were found. Raises `BadFile` when the file is something else.
    """

    def __init__(
        self, file: ImportFile, rows: sqlite3.Connection, facility: str, given: Mapping[str, str], progress: Progress
    ):
        self.name, self.notes = file.name, file.notes
        self.columns = columns.detect_columns(file.header, FIELDS, given)
        self._pick = roster_columns.reader_for(self.columns)
        file.require_columns(self.columns.positions.values())
        if not facility and "facility" not in self.columns:
            raise BadFile("There is no column facility, so say whose roster this is: --facility KEY.")
        self._file, self._rows, self._facility = file, rows, facility
        self.facilities: dict[str, int] = {}
        self.first_lines: dict[str, int] = {}
        # All keys in the column `facility`. They are more than `facilities` when the operator named one facility.
        self.mentioned: set[str] = set()
        self._positions: dict[str, int] = {}
        # Cached, because each facility with the same number looks it up.
        self._under = lru_cache(maxsize=4_096)(self._read_people_with_number)
        self._index_rows(progress)

    @property
    def total(self) -> int:
        """The number of all rows."""
        return sum(self.facilities.values())

    def roster(self, facility: str) -> FacilityRoster:
        """The people whom the file lists at this facility. Raises `BadFile` when the file was changed meanwhile."""
        found = FacilityRoster(missing_columns=roster_columns.missing_columns(self.columns))
        for row in self._rows_of(facility):
            found.report.total += 1
            number, reason = self._add_person(row, found)
            if reason:
                found.report.leave_out(row.line, reason)
                found.unreadable.add(number)
        found.unreadable -= found.people.keys() | {""}
        self._file.require_unchanged()
        return found

    def suspicions(self, known: Container[str]) -> list[str]:
        """Sentences about the rosters of known facilities that would lose too many rows.

        A roster without any usable row is not among them, because it changes nothing.
        """
        return [
            self._left_out_sentence(key)
            for key, rows in self.facilities.items()
            if key in known and rows > self._bad[key] > max(_LEFT_OUT, _LEFT_OUT_OF_ALL * rows)
        ]

    def _left_out_sentence(self, facility: str) -> str:
        first = self.roster(facility).report.bad[0]
        why = f"as line {first.line}, because {first.reason}"
        return f"{self._bad[facility]:,} of {self.facilities[facility]:,} rows of {facility} would be left out, {why}"

    def people_with_number(self, number: str) -> list[Listed]:
        """The people whom this file lists under a number, at any facility. Bad rows are skipped.

        The list is empty for a file about one facility, which has no other facility to compare with.
        """
        return self._under(number) if number and len(self.facilities) > 1 else []

    def _read_people_with_number(self, number: str) -> list[Listed]:
        """The first usable row of each facility with this number."""
        query = "SELECT facility, line, start, size FROM listed WHERE number = ? ORDER BY line"
        found: dict[int, Person] = {}
        for position, *where in self._rows.execute(query, (number,)).fetchall():
            row = self._file.row_at(*where)
            if position not in found:
                with suppress(ValueError):  # a changed file, which is reported elsewhere
                    found[position] = roster_rows.parse_person(self._pick(row.cells))
        keys = list(self.facilities)
        return [Listed(keys[position], person) for position, person in found.items()]

    def _add_person(self, row: Row, found: FacilityRoster) -> tuple[str, str]:
        """Put the row's person into `found`. Returns the number, and the reason if the row is left out."""
        written = self._pick(row.cells)
        number = number_of(written.number)
        if row.fault:
            return number, row.fault
        try:
            person = roster_rows.parse_person(written)
        except ValueError as reason:
            return number, str(reason)
        if number in found.people:
            return number, f"{person.number} was in an earlier row already; the first was kept"
        found.people[number] = person
        return number, ""

    def _usable_number(self, row: Row) -> str | None:
        try:
            return None if row.fault else number_of(roster_rows.parse_person(self._pick(row.cells)).number)
        except ValueError:
            return None

    def _rows_of(self, facility: str) -> Iterator[Row]:
        query = "SELECT line, start, size FROM listed WHERE facility = ? ORDER BY line"
        return (self._file.row_at(*where) for where in self._rows.execute(query, (self._positions[facility],)))

    def _index_rows(self, progress: Progress) -> None:
        # A row that cannot be used has no number in this index.
        self._rows.execute("CREATE TABLE listed (facility INTEGER, line INTEGER, start INTEGER, size INTEGER, number)")
        self._rows.executemany("INSERT INTO listed VALUES (?, ?, ?, ?, ?)", self._scan_rows(progress))
        self._rows.execute("CREATE INDEX listed_facility ON listed (facility, line)")
        if len(self.facilities) > 1:
            self._rows.execute("CREATE INDEX listed_number ON listed (number)")
        bad = "SELECT COUNT(*) - COUNT(DISTINCT number) FROM listed GROUP BY facility ORDER BY facility"
        self._bad = dict(zip(self.facilities, (count for (count,) in self._rows.execute(bad)), strict=True))
        if (most := max(self.facilities.values())) > _MOST_AT_ONE:
            raise BadFile(
                f"{self.name} has {most:,} people at one facility. If they are at several, give the file a column facility."
            )

    def _scan_rows(self, progress: Progress) -> Iterator[tuple[int, int, int, int, str | None]]:
        facility_column = self.columns.position("facility")
        for done, row in enumerate(self._file.rows()):
            if done % _TELL_EVERY == 0:
                progress(row.start, self._file.size)
            if named := row.cells[facility_column]:
                self.mentioned.add(named)
            facility = self._facility or named
            position = self._positions.setdefault(facility, len(self._positions))
            self.facilities[facility] = self.facilities.get(facility, 0) + 1
            self.first_lines.setdefault(facility, row.line)
            yield position, row.line, row.start, row.size, self._usable_number(row)
        progress(self._file.size, self._file.size)


@contextmanager
def open_roster(
    path: Path,
    *,
    facility: str = "",
    given: Mapping[str, str] | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Iterator[RosterFile]:
    """Open a CSV or JSON-lines file of people. Without `facility`, a column of that name says where each is held.

    `given` is the column by field, for columns that are not found by their names (`roster_columns.FIELDS`). `progress`
    is called with (bytes read, all bytes). Raises `BadFile`.
    """
    with open_import_file(path) as file, closing(sqlite3.connect("")) as rows:
        yield RosterFile(file, rows, facility, given or {}, progress)
