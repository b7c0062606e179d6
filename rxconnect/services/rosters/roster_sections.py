"""Headings in a file that say whether the people below them are in custody: `RELEASED TODAY` above the last rows."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Collection, Iterable, Sequence
from operator import itemgetter

from rxconnect.domain.inmates import Custody
from rxconnect.domain.readings import Place, status_options
from rxconnect.domain.sentences import Sentence
from rxconnect.i18n import N_
from rxconnect.services.files.columns import Columns
from rxconnect.services.files.layouts import shape_of
from rxconnect.services.rosters.roster_repeats import PERSON, is_footer_line
from rxconnect.services.shapes.sections import hints_at_leaving, is_about_anybody, names_group, section_of
from rxconnect.services.shapes.units import unit_in_heading

# Cells of a heading, of which the others count the people below it.
_MOST_CELLS = 3
# The digits of a count beside a heading.
_MOST_DIGITS = 3
# Lines between a heading and the header of the table below it.
_NEAR = 4
_HERE = ""
_HEADING: dict[str, str] = {
    Custody.RELEASED: N_("The heading “{text}” in {place} says that the people below it are released."),
    Custody.MOVED: N_("The heading “{text}” in {place} says that the people below it are moved."),
}
_TITLE: dict[str, str] = {
    Custody.RELEASED: N_("The title “{text}” says that the people below it are released."),
    Custody.MOVED: N_("The title “{text}” says that the people below it are moved."),
}
_NAMES = ("name", "first_name", "middle_name", "last_name", "given_names")


class Sections:
    """The parts of a file, each with the line of its heading and the status of the people below.

    The status is a value of `Custody`, "" for people who are there, or the words of a heading that we do not know. The operator
    tells the meaning of those as of any other word for a status (`status_of`).
    """

    def __init__(
        self,
        titles: Iterable[str],
        columns: Columns,
        headers: Collection[int],
        status_of: Callable[[str], str],
        place_of: Callable[[int], Place],
    ):
        self._status_of, self._place_of = status_of, place_of
        # The lines right above the header of a further table.
        self._near = {line - near for line in headers for near in range(1, _NEAR + 1)}
        self._parts: list[tuple[int, str]] = []
        self._waiting: list[tuple[int, str]] = []
        self._has_units = False
        # A text in another column, such as the outcome of one more charge, is no heading.
        nameless = (place for place, name in enumerate(columns.header) if not name)
        self._states = {columns.position(field) for field in ("status", "release_date")}
        self._places = {0, *map(columns.position, PERSON), *nameless} - self._states
        self._number = columns.position("number")
        self._names = {columns.position(field) for field in _NAMES} & self._places
        # Sentences about the headings of people who are not there.
        self.notes: list[Sentence] = []
        # The first line whose row says the opposite of its heading.
        self._contradiction = 0
        titles = [*titles]
        self._titles = {*map(shape_of, titles)}
        # The words that nobody knows, of headings with people below them.
        self.unknown: dict[str, int] = {}
        for title in titles:
            if ":" not in title and (status := section_of(title)) and status is not Custody.HELD:
                self._begin(0, status.value, title)

    def __bool__(self) -> bool:
        return bool(self._parts)

    def see(self, line: int, cells: Sequence[str]) -> bool:
        """Look at a row that need not be a person. Returns whether it is the heading of a part."""
        filled = [*dict.fromkeys(filter(None, cells))]
        text = " ".join(filled)
        if text and shape_of(text) in self._titles and section_of(text) is None and not unit_in_heading(text):
            # The title of the list again, on the next page.
            return True
        if not 0 < len(filled) <= _MOST_CELLS or not self._may_be_heading(cells) or is_footer_line(text):
            return False
        if unit_in_heading(text):
            self._see_unit(line, text)
            return False
        known = section_of(text)
        if known is not None:
            self._begin(line, _HERE if known is Custody.HELD else known.value, text)
        elif len(filled) == 1 and (hints_at_leaving(text) or self._status_of(text) != text):
            self._begin(line, self._status_of(text))
        elif len(filled) == 1:
            self._waiting.append((line, text))
        is_title = (
            len(filled) == 1 and line in self._near and not any(map(str.isdigit, cells[self._number].partition(" ")[0]))
        )
        is_group = len(filled) == 1 and names_group(text)
        return known is not None or is_title or is_group or (bool(self._parts) and self._parts[-1][0] == line)

    def begin_table(self, line: int) -> None:
        """The header of a table. What stands right above it and says nothing that we know makes its people unknown."""
        waiting, self._waiting = [text for at, text in self._waiting if at >= line - _NEAR], []
        if not waiting or (self._parts and self._parts[-1][0] >= line - _NEAR):
            return
        strange = [text for text in waiting if self._is_strange(text)]
        self._begin(line, self._status_of(strange[-1]) if strange else _HERE)

    def status_at(self, line: int, status: str) -> str:
        """The status of the person in this line, whose row says `status`."""
        if not self._parts or not (place := bisect(self._parts, line, key=itemgetter(0))):
            return status
        part = self._parts[place - 1][1]
        if part == Custody.RELEASED:
            if status == Custody.HELD:
                self._contradiction = self._contradiction or line
            return status if status == Custody.MOVED else part
        if not part or status in (Custody.RELEASED, Custody.MOVED):
            return status
        if part != Custody.MOVED:
            self.unknown.setdefault(part, self._parts[place - 1][0])
        return part

    def suspicions(self) -> list[Sentence]:
        """A sentence about each heading that nobody knows, and about one of people released that a row contradicts."""
        contradicted = Sentence(
            "{place} says that somebody is in custody, below a heading or title of people released",
            place=self._place_of(self._contradiction).sentence,
        )
        return [contradicted] * bool(self._contradiction) + [
            Sentence(
                "{place} begins another part of the list, “{text}”, and does not say whether its people are in custody: say "
                "what it means with {options}",
                place=self._place_of(line).sentence,
                text=text,
                options=status_options(text),
            )
            for text, line in self.unknown.items()
        ]

    def _may_be_heading(self, cells: Sequence[str]) -> bool:
        """Whether the words of a row stand where those of a heading do. The status of somebody without a name is none."""
        worded = {place for place, cell in enumerate(cells) if any(map(str.isalpha, cell))}
        if len(worded & self._names) > 1:
            # Somebody is called April Freed.
            return False
        number = cells[self._number]
        if any(map(str.isdigit, number)):
            # A count may stand beside a heading. A longer number beside words is a person, whatever they are called.
            is_count = not number.isdecimal() or len(number) <= _MOST_DIGITS
            return bool(worded) and worded <= self._places and is_count
        return not worded.isdisjoint(self._places) and worded.isdisjoint(self._states)

    def _see_unit(self, line: int, text: str) -> None:
        """The heading of a unit. Below a part of those who left it may end that part, if units stood above it as well."""
        if self._parts and self._parts[-1][1] and self._has_units:
            self._begin(line, self._status_of(text))
        elif not self._parts:
            self._has_units = True
        self._waiting.append((line, ""))

    def _is_strange(self, text: str) -> bool:
        return bool(text) and shape_of(text) not in self._titles and not is_about_anybody(text)

    def _begin(self, line: int, status: str, text: str = "") -> None:
        if status in (Custody.RELEASED, Custody.MOVED):
            place = self._place_of(line)
            told = _HEADING if line and place.line else _TITLE
            self.notes.append(Sentence(told[status], text=text, place=place.sentence))
        if not self._parts or self._parts[-1][0] != line:
            self._parts.append((line, "" if status == Custody.HELD else status))
