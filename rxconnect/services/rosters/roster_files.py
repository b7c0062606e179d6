"""A file of rosters, one facility's or a whole department's: read once in full, then looked up by facility and number.

Meanwhile a scratch database on disk keeps the position of each row. It is deleted when the process ends.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterator
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from rxconnect.domain.errors import BadFile
from rxconnect.domain.inmates import Person
from rxconnect.domain.readings import Choices, Place
from rxconnect.domain.sentences import Sentence
from rxconnect.services.files.files import open_import_file
from rxconnect.services.files.rows import ImportFile, Row
from rxconnect.services.rosters import roster_columns, roster_rows
from rxconnect.services.rosters.roster_index import Numbers, RowIndex
from rxconnect.services.rosters.roster_lists import FacilityRoster
from rxconnect.services.rosters.roster_parsing import RowParser
from rxconnect.services.rosters.roster_people import is_held
from rxconnect.services.rosters.roster_places import FacilityLookup
from rxconnect.services.rosters.roster_readers import RosterReader
from rxconnect.services.rosters.roster_rows import number_of
from rxconnect.services.rosters.roster_tables import find_tables, join_cut_names, shorten_names

Progress = Callable[[int, int], None]

# No facility holds more people. A file with more is about several facilities, or names the wrong column.
_MOST_AT_ONE = 200_000
# A roster with more rows left out than this number and this share is suspicious.
_LEFT_OUT, _LEFT_OUT_OF_ALL = 2, 0.2
_TELL_EVERY = 5_000  # rows


class Listed(NamedTuple):
    """A person in the file, and the key of the facility that lists them."""

    facility: str
    person: Person


class RosterFile:
    """An open file of rosters.

    `facility` is the key of the one that it was opened for, or "". `facilities` counts the rows of each facility by its key,
    in the order of the file; `first_lines` are the lines where they begin. `columns` are the columns that were found, and
    `choices` those of the operator. Raises `BadFile` when the file is something else.
    """

    def __init__(
        self,
        file: ImportFile,
        rows: sqlite3.Connection,
        facility: str,
        choices: Choices,
        places: FacilityLookup,
        progress: Progress,
    ):
        self._pick = RosterReader(file, choices)
        self.name, self.notes = file.name, [*file.notes, *self._pick.notes]
        # The SHA-256 of the file as it was given.
        self.digest = ""
        self.columns, self.choices, self.places = self._pick.columns, choices, places
        file.require_columns(self.columns.fields)
        if not facility and "facility" not in self.columns:
            raise BadFile("There is no column facility, so say whose roster this is: --facility KEY.")
        self._file, self._index, self.facility = file, RowIndex(rows), facility
        self.facilities: dict[str, int] = {}
        self.first_lines: dict[str, int] = {}
        # All keys in the column `facility`. They are more than `facilities` when the operator named one facility.
        self.mentioned: set[str] = set()
        self._parser = RowParser(file, self._pick)
        self._positions: dict[str, int] = {}
        self._passed_over = 0
        # Rows of each facility that continue the row above, such as with another charge.
        self._continued: Counter[int] = Counter()
        # Cached, because each facility with the same number looks it up.
        self._under = lru_cache(maxsize=4_096)(self._read_people_with_number)
        self._index_rows(progress)
        if self._parser.units:
            self.notes.append(
                Sentence.counted(
                    "The housing is told by {count} heading above the people, “{example}”.",
                    "The housing is told by {count} headings above the people, such as “{example}”.",
                    len(self._parser.units),
                    example=self._parser.units[0][1],
                )
            )
        self.notes += self._parser.sections.notes + self._pick.wraps.notes()
        if self._passed_over:
            remark = self._pick.repeats.remark
            example = f"“{remark}”" if remark else Sentence("the header again or a total")
            self.notes.append(
                Sentence.counted(
                    "{count} row without a person, such as {example}: passed over.",
                    "{count} rows without a person, such as {example}: passed over.",
                    self._passed_over,
                    example=example,
                )
            )

    def place_of(self, line: int) -> Place:
        """Where the operator finds a line of the file."""
        return self._file.place_of(line)

    @property
    def total(self) -> int:
        """The number of all rows."""
        return sum(self.facilities.values())

    def roster(self, facility: str) -> FacilityRoster:
        """The people whom the file lists at this facility. Raises `BadFile` when the file was changed meanwhile."""
        missing = roster_columns.missing_columns(self.columns) - ({"housing"} if self._parser.units else set())
        found = FacilityRoster(missing_columns=missing)
        for row in (self._file.row_at(*where) for where in self._index.rows_at(self._positions[facility])):
            found.report.total += 1
            number, reason = self._parser.add_to(found, row)
            if reason:
                found.report.leave_out(self.place_of(row.line), reason)
                found.unreadable.add(number)
        found.finish()
        found.report.total += self._continued[self._positions[facility]]
        found.report.repeats += self._continued[self._positions[facility]]
        found.unreadable -= found.people.keys() | {""}
        self._file.require_unchanged()
        return found

    def numbers(self, facility: str) -> Numbers:
        """The numbers that the file lists at this facility, without reading their rows again."""
        return self._index.numbers(self._positions[facility])

    def people_held(self, facility: str, numbers: Collection[str]) -> Iterator[tuple[str, Person]]:
        """The people whom the file lists at this facility as held under these numbers, each with the number.

        Raises `BadFile` when the file was changed meanwhile.
        """
        for where in self._index.held_rows(self._positions[facility], numbers):
            try:
                person = roster_rows.parse_person(self._parser.read(self._file.row_at(*where)))
            except ValueError:
                self._file.require_unchanged()
                raise
            yield number_of(person.number), person

    def suspicions(self, known: Container[str]) -> list[Sentence]:
        """Sentences about rosters of known facilities that would lose too many rows, about columns that nobody reads, and about
        sheets of which only the operator knows what they are.

        A roster without any usable row is not among them, because it changes nothing.
        """
        return (
            self._file.notes.doubts
            + self._parser.sections.suspicions()
            + self._pick.doubts
            + self._pick.watch.suspicions(self.total)
            + [
                sentence
                for key, rows in self.facilities.items()
                if key in known
                and rows > self._bad[key] > _most_left_out(rows)
                and (sentence := self._left_out_sentence(key))
            ]
        )

    def _left_out_sentence(self, facility: str) -> Sentence | None:
        """The sentence about a roster of which too many rows are bad; None if most of them only repeat others."""
        report = self.roster(facility).report
        if report.bad_rows <= _most_left_out(report.total):
            return None
        return Sentence(
            "{bad} of {rows} rows of {facility} would be left out, as {place}, because {reason}",
            bad=report.bad_rows,
            rows=report.total,
            facility=facility,
            place=report.bad[0].place.sentence,
            reason=report.bad[0].reason,
        )

    def people_with_number(self, number: str) -> list[Listed]:
        """The people whom this file lists under a number, at any facility. Bad rows are skipped.

        The list is empty for a file about one facility, which has no other facility to compare with.
        """
        return self._under(number) if number and len(self.facilities) > 1 else []

    def _read_people_with_number(self, number: str) -> list[Listed]:
        """The usable row of each facility with this number: the first one, or the first that says *held*."""
        found: dict[int, Person] = {}
        for position, *where in self._index.rows_under(number):
            row = self._file.row_at(*where)
            with suppress(ValueError):  # a changed file, which is reported elsewhere
                person = roster_rows.parse_person(self._parser.read(row))
                if position not in found or (is_held(person) and not is_held(found[position])):
                    found[position] = person
        keys = list(self.facilities)
        return [Listed(keys[position], person) for position, person in found.items()]

    def _index_rows(self, progress: Progress) -> None:
        bad = self._index.fill(self._scan_rows(progress), lambda: len(self.facilities) > 1)
        # Repeated rows count as bad here, until they are compared.
        self._bad = dict(zip(self.facilities, bad, strict=True))
        if not self.facilities:
            raise BadFile("{name} has no rows, so nothing was changed.", name=self.name)

    def _scan_rows(self, progress: Progress) -> Iterator[tuple[int, int, int, int, str, int]]:
        facility_column, above = self.columns.position("facility"), 0
        repeats = self._pick.repeats
        for row in self._rows_of_people(progress):
            if repeats.continues(row.cells) and not row.fault:
                self._continued[above] += 1
                self.facilities[[*self.facilities][above]] += 1
                continue
            if named := row.cells[facility_column]:
                named = self.places.key_of(named)
                self.mentioned.add(named)
            facility = self.facility or named
            position = above = self._positions.setdefault(facility, len(self._positions))
            self.facilities[facility] = self.facilities.get(facility, 0) + 1
            self.first_lines.setdefault(facility, row.line)
            if self.facilities[facility] > _MOST_AT_ONE:
                raise BadFile(
                    "{name} has more than {most} people at one facility. If they are at several, give the file a "
                    "column facility.",
                    name=self.name,
                    most=_MOST_AT_ONE,
                )
            yield position, row.line, row.start, row.size, *self._parser.number_and_state(row)
        progress(self._file.size, self._file.size)

    def _rows_of_people(self, progress: Progress) -> Iterator[Row]:
        """The rows but headings, totals and footers. A row that only goes on with the name above it is part of that one."""
        person: Row | None = None
        for done, row in enumerate(self._file.rows()):
            if done % _TELL_EVERY == 0:
                progress(row.start, self._file.size)
            is_strange = row.line in self._file.header_lines or self._pick.repeats.may_be_none(row.cells)
            if is_strange and person and self._file.may_wrap and (joined := self._pick.wraps.join(person, row)):
                person = joined
                continue
            if person:
                yield person
            person = None if is_strange and self._is_heading(row) else row
        if person:
            yield person

    def _is_heading(self, row: Row) -> bool:
        """Whether a row is no person, but the header again, a heading, a total or a footer. These are counted and remembered."""
        if row.line in self._file.header_lines:
            self._parser.sections.begin_table(row.line)
        elif not self._parser.sections.see(row.line, row.cells):
            unit = self._pick.repeats.unit_above(row.cells)
            if unit is None:
                return False
            self._parser.units += [(row.line, unit)] if unit else []
            number = self.columns.position("number")
            if not unit and row.cells[number].casefold() == self.columns.header[number].casefold():
                self._parser.sections.begin_table(row.line)
        self._passed_over += 1
        return True


def _most_left_out(rows: int) -> float:
    return max(_LEFT_OUT, _LEFT_OUT_OF_ALL * rows)


@contextmanager
def open_roster(
    path: Path,
    *,
    facility: str = "",
    choices: Callable[[list[str]], Choices] = lambda _header: Choices(),
    places: FacilityLookup | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Iterator[RosterFile]:
    """Open a file of people. Without `facility`, a column of that name says where each is held, by key or by name.

    `choices` is called with the file's header, and says how to read it. `progress` is called with (bytes read, all bytes).
    Raises `BadFile`.
    """
    with open_import_file(path) as file, closing(sqlite3.connect("")) as rows:
        shorten_names(file)
        find_tables(file)
        join_cut_names(file)
        roster = RosterFile(file, rows, facility, choices(file.header), places or FacilityLookup([]), progress)
        with path.open("rb") as raw:
            roster.digest = hashlib.file_digest(raw, "sha256").hexdigest()
        yield roster
