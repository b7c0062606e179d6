"""Turns the rows of a file into people, or into the reasons why they are none."""

from __future__ import annotations

from bisect import bisect
from operator import itemgetter

from rxconnect.domain.sentences import Sentence
from rxconnect.services.files.rows import ImportFile, Row
from rxconnect.services.rosters import roster_rows
from rxconnect.services.rosters.roster_columns import Written
from rxconnect.services.rosters.roster_index import HELD, NOT_HELD, UNUSABLE
from rxconnect.services.rosters.roster_lists import FacilityRoster
from rxconnect.services.rosters.roster_people import is_held
from rxconnect.services.rosters.roster_readers import RosterReader
from rxconnect.services.rosters.roster_rows import Unusable, number_of
from rxconnect.services.rosters.roster_sections import Sections
from rxconnect.services.shapes.units import unit_in_heading


class RowParser:
    """Reads rows. `units` are the units that headings name for the people below them, each with its line.

    `sections` are the headings that say whether those people are in custody.
    """

    def __init__(self, file: ImportFile, pick: RosterReader):
        self._pick, self._place_of = pick, file.place_of
        titles = [" ".join(filter(None, map(str.strip, cells))) for cells in file.above]
        self.sections = Sections(titles, pick.columns, file.header_lines, pick.status_of, file.place_of)
        self.units = [(0, unit) for title in titles if (unit := unit_in_heading(title))]

    def read(self, row: Row) -> Written:
        """The row in plain form. Where it names no housing, the heading above it does."""
        written = self._pick(row.cells)
        if self.sections and (status := self.sections.status_at(row.line, written.status)) != written.status:
            written = written._replace(status=status)
        if self.units and not written.housing and (above := bisect(self.units, row.line, key=itemgetter(0))):
            return written._replace(housing=self.units[above - 1][1])
        return written

    def add_to(self, found: FacilityRoster, row: Row) -> tuple[str, Sentence | None]:
        """Put the row's person into `found`. Returns the number, and the reason if the row is left out."""
        written = self.read(row)
        number = number_of(written.number)
        if number and self._pick.is_alias(row.cells):
            found.add_alias(number, self._place_of(row.line), roster_rows.alias_of(written))
            return number, None
        if fault := self._fault(row, written):
            return number, fault
        try:
            person = roster_rows.parse_person(written)
        except Unusable as row_error:
            if row_error.word:
                found.report.reading.words[row_error.word] += 1
            return number, row_error.reason
        if left_out := found.add(number, person):
            return number, left_out
        self._pick.tell(row.line, row.cells, person, found.report.reading)
        return number, None

    def number_and_state(self, row: Row) -> tuple[str, int]:
        """The key of the row's number, and whether its person is held, or the row unusable (`roster_index`)."""
        written = self.read(row)
        try:
            if self._fault(row, written) or self._pick.is_alias(row.cells):
                return number_of(written.number), UNUSABLE
            person = roster_rows.parse_person(written)
        except ValueError:
            return number_of(written.number), UNUSABLE
        self._pick.watch.see(row.cells, person.custody)
        return number_of(person.number), HELD if is_held(person) else NOT_HELD

    def _fault(self, row: Row, written: Written) -> Sentence | None:
        """Why a row is bad, whatever its names are; None if it may be good."""
        if row.fault:
            return row.fault
        if self._pick.repeats.lacks_digit(written.number):
            number = written.number[:30]
            return Sentence("the inmate number “{number}” has no digit, as the others have", number=number)
        name = written.last_name or written.first_name
        if name and not (written.last_name and written.first_name) and self._pick.repeats.is_bare(row.cells):
            # It may be a line of a summary, such as how many are in a unit.
            return Sentence("it has only the name “{name}”, and nothing else that the other rows have", name=name[:30])
        return None
