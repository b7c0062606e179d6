"""Runs in the process of `converter`: finds the table in a workbook, and writes its rows as CSV, each on its own line.

The notes keep where each sheet begins (`Notes.sheets`), so that a report names the rows that the operator sees.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from types import MappingProxyType
from typing import BinaryIO, NamedTuple

from rxconnect.domain.errors import BadFile
from rxconnect.domain.inmates import Custody
from rxconnect.domain.sentences import Sentence
from rxconnect.i18n import N_
from rxconnect.services.files import headers, mojibake
from rxconnect.services.files.notes import Notes
from rxconnect.services.files.rows import MOST_COLUMNS
from rxconnect.services.shapes.headers import lists_people, meaning_of, names_people
from rxconnect.services.shapes.sections import is_about_anybody, is_dated, names_group, section_of
from rxconnect.services.shapes.statuses import is_gone_word
from rxconnect.services.shapes.units import unit_in_heading

_LAST_ROW = 1_048_576
_LONGEST_CELL = 32_767  # as in Excel
_MOST_SHEETS = 300
_FEWEST_COLUMNS = 2
# A title that says nothing of the people on a sheet: a number, a date, or what a program calls every sheet.
_NO_TITLE = re.compile(
    r"(?:sheet|table|tabelle|hoja|feuil|feuille|foglio|planilha|arkusz|page|data|export|results?|query|copy|old|backup|archive)?"
    r"[\s\d./_()-]*|.*\d{1,4}[./_-]\d{1,2}.*",
    re.IGNORECASE,
)
# A sheet with one of these, or with a date, in its title may be a list of another day.
_OF_BEFORE = re.compile(
    r"archiv|\bold|backup|copy|previous|prior|histor|\blast\b|before|\d{1,4}[./_-]\d{1,2}", re.IGNORECASE
)


# The mark of a cell with a line through its text. Other marks are colours.
STRUCK = "struck"
# The cells of which one shows how a person is marked.
_WHO = frozenset(("number", "name", "last_name", "first_name"))
# A key to the colours of a sheet: `grey = released`.
_GONE = r"\b(?:gone|out|left|releas\w*|discharg\w*|bonded|departed|moved|transferred)\b"
_KEY = re.compile(rf"[=:–-].*{_GONE}|{_GONE}.*[=:–-]", re.IGNORECASE)
_LONGEST_KEY = 80  # characters


class Cells(list[str]):
    """The texts of a row, up to its last cell that has one. `marks` are those of cells that have one, by column."""

    marks: Mapping[int, str] = MappingProxyType({})

    def mark(self, column: int, mark: str) -> None:
        """Keep how a cell is marked, since a list may show in this way alone who has left."""
        if not isinstance(self.marks, dict):
            self.marks = {}
        self.marks[column] = mark

    def put(self, column: int, text: str) -> None:
        """Set a cell. Raises `BadFile` when it is too far to the right for a table, or too long."""
        missing = column - len(self)
        if missing < 0:
            self[column] = text
            return
        if column >= MOST_COLUMNS:
            raise BadFile(
                "The sheet has more than {most} columns, so it is not a table that we know.",
                most=MOST_COLUMNS,
            )
        if len(text) > _LONGEST_CELL:
            raise BadFile("A cell is too long to be part of a table, so nothing was changed.")
        if missing:
            self.extend([""] * missing)
        self.append(text if text.isascii() and text.isprintable() else _on_one_line(text))


Sheet = Iterator[tuple[int, Cells]]


class _Table(NamedTuple):
    """The table of a sheet: the rows above its header, and the others. The rows above may say something of those below."""

    title: str
    above: list[tuple[int, Cells]]
    rows: Sheet
    has_people: bool


class _WrittenRows(NamedTuple):
    """What is to be said of the rows that were written, the number of lines, and the doubts about how they are marked."""

    note: Sentence | None
    lines: int
    marked: _Marked


class NoTable(BadFile):
    """No sheet has a header and rows."""


class _Marked:
    """Counts the rows that are struck through, or marked as a key says of those who have left, though no column says so."""

    def __init__(self, header: Sequence[str]):
        fields = [meaning.field if meaning else "" for meaning in map(meaning_of, header)]
        self._who = [place for place, field in enumerate(fields) if field in _WHO] or [*range(len(header))]
        self._status = [place for place, field in enumerate(fields) if field == "status"]
        self._release = [place for place, field in enumerate(fields) if field == "release_date"]
        self._keys = {STRUCK: ""}
        self._counts, self._first = Counter[str](), dict[str, int]()
        self._rows = 0

    def see_key(self, cells: Cells) -> bool:
        """Look for the key in a row. Returns whether it is there."""
        keys = {
            mark: cells[column]
            for column, mark in cells.marks.items()
            if len(cells[column]) <= _LONGEST_KEY and _KEY.search(cells[column])
        }
        self._keys = keys | self._keys
        return bool(keys)

    def see(self, number: int, cells: Cells) -> None:
        """Look at a row below the header."""
        if cells.marks and self.see_key(cells):
            return
        self._rows += 1
        if not cells.marks:
            return
        told = any(map(is_gone_word, _at(cells, self._status))) or any(_at(cells, self._release))
        for mark in {cells.marks[place] for place in self._who if place in cells.marks} if not told else ():
            self._counts[mark] += 1
            self._first.setdefault(mark, number)

    def doubts(self, title: str) -> list[Sentence]:
        """A sentence about each mark that may say who has left."""
        return [
            Sentence(
                N_(
                    "{told} of {rows} rows on the sheet “{sheet}” are struck through, such as row {row}, and nobody reads it: "
                    "remove the rows of those who have left, or say it in a column “Status”"
                )
                if mark == STRUCK
                else N_(
                    "{told} of {rows} rows on the sheet “{sheet}” have the colour of “{key}”, such as row {row}, and nobody "
                    "reads it: remove the rows of those who have left, or say it in a column “Status”"
                ),
                told=count,
                rows=self._rows,
                sheet=title,
                row=self._first[mark],
                key=self._keys[mark],
            )
            for mark, count in self._counts.items()
            if mark in self._keys and (mark == STRUCK or count * 2 <= self._rows)
        ]


def _at(cells: Cells, places: Iterable[int]) -> list[str]:
    return [cells[place] for place in places if place < len(cells)]


class Written(NamedTuple):
    """Whether the sheet that was written lists people, and the titles of others that do."""

    has_people: bool
    also: list[str]


def write_table(
    name: str, sheets: Iterable[tuple[str, Sheet]], scratch: BinaryIO, notes: Notes, *, asks: bool = True
) -> Written:
    """Write the sheets that list people, each further one under its title, or else the first that has a header and rows.

    The title of a further sheet says whether its people are in custody, or the import asks. A sheet whose title says nothing is
    read only if this function `asks`: it may be more of the list, an archive, or the list of another day.

    Raises `NoTable` when no sheet has a table.
    """
    taken: _Table | None = None
    others, parts, lines = list[_Table](), list[str](), 0
    note: Sentence | None = None
    doubts = list[Sentence]()
    for count, (title, rows) in enumerate(sheets):
        if count >= _MOST_SHEETS:
            raise BadFile(
                "{name} has more than {most} sheets; save the one with the list as CSV.",
                name=name,
                most=_MOST_SHEETS,
            )
        table = _table_of(title, rows)
        if table is None:
            continue
        if taken is None or (table.has_people and not taken.has_people):
            others += [taken] if taken else []
            taken = table
            says_something = section_of(title) in (Custody.RELEASED, Custody.MOVED) or unit_in_heading(title)
            heading = title if says_something else ""
            note, lines, marked = _write_rows(table.above, table.rows, scratch, heading=heading)
            doubts = marked.doubts(title)
            notes.sheets = [(1, title, bool(heading))]
        elif table.has_people and taken.has_people and (asks or not _NO_TITLE.fullmatch(title)):
            parts.append(title)
            notes.sheets.append((lines + 1, title, lines + 1))
            _, more, marked = _write_rows([], table.rows, scratch, heading=_heading_of(title), is_further=True)
            lines += more
            doubts += marked.doubts(title)
        else:
            others.append(table)
    if taken is None:
        raise NoTable(Sentence("{name} has no table with a header and rows, so nothing was changed.", name=name))
    notes += [note] if note else []
    notes.doubts += doubts
    if parts:
        notes.append(
            Sentence(
                "The tables {tables} were read one after the other.", tables=[*map(_quoted, (taken.title, *parts))]
            )
        )
        if asks and section_of(taken.title) is None and (is_dated(taken.title) or _OF_BEFORE.search(taken.title)):
            notes.doubts.append(
                Sentence(
                    "the people on the sheet “{sheet}” count as in custody, because it comes first, and there are people on "
                    "{others} as well: put today's list first, or leave the other sheets out",
                    sheet=taken.title,
                    others=[*map(_quoted, parts[:3])],
                )
            )
    if others:
        few = [*(_quoted(other.title) for other in others[:3]), *["…"] * (len(others) > 3)]
        notes.append(
            Sentence(
                "The sheet “{sheet}” was read. There are tables on {others} as well.", sheet=taken.title, others=few
            )
        )
    return Written(taken.has_people, [other.title for other in others if other.has_people])


def row_number(written: str, expected: int) -> int:
    """The number of a row, which it may tell. Raises `BadFile` when it stands above the one before."""
    number = int(written) if written.isdecimal() else expected
    if not expected <= number <= _LAST_ROW:
        raise BadFile("The workbook is damaged: its rows are not in order. Nothing was changed.")
    return number


def _quoted(title: str) -> str:
    return f"“{title}”"


def _heading_of(title: str) -> str:
    """The title as a heading above its people. One that says nothing of them becomes a heading that the import asks about."""
    says_something = section_of(title) is not None or unit_in_heading(title) or names_group(title)
    if says_something:
        return title
    # A heading begins with a word of letters alone.
    return f"Sheet {title}" if is_about_anybody(title) else re.sub(r"^([^\W\d_]+)(?=\d)", r"\1 ", title)


def _table_of(title: str, rows: Sheet) -> _Table | None:
    beginning = [row for row in islice(rows, headers.LOOKED_AT) if any(row[1])]
    place, names = headers.find([cells for _, cells in beginning])
    if len(beginning) <= place + 1 or sum(map(bool, names)) < _FEWEST_COLUMNS:
        return None
    line, header = beginning[place]
    above = beginning[: place if names == header else place - 1]
    has_people = lists_people(names) or (section_of(title) is not None and names_people(names))
    return _Table(title, above, chain([(line, Cells(names))], beginning[place + 1 :], rows), has_people)


def _write_rows(
    above: Iterable[tuple[int, Cells]], rows: Sheet, scratch: BinaryIO, *, heading: str = "", is_further: bool = False
) -> _WrittenRows:
    """Write the rows above the header, the header and its rows, instead of what is there, or below it."""
    header = next(rows)
    width, line, outside = len(header[1]), 1, 0
    above, marked = [*above], _Marked(header[1])
    for _, cells in above:
        marked.see_key(cells)
    if not is_further:
        scratch.seek(0)
        scratch.truncate()
    text = io.TextIOWrapper(scratch, encoding="utf-8", errors="replace", newline="")
    write = csv.writer(text, lineterminator="\n").writerow
    if heading:
        write([""] * _place_of_heading(header[1]) + [heading])
    for number, cells in chain(above, [header], rows):
        if not any(cells):
            continue
        if number > line:
            text.write("\n" * (number - line))
        if len(cells) > width and lists_people(cells):
            width = len(cells)  # the header of another table
        outside += len(cells) > width
        write([*cells[:width], *[""] * (width - len(cells))])
        line = number + 1
        if number > header[0]:
            marked.see(number, cells)
    text.flush()
    text.detach()
    note = Sentence.counted(
        "Cells to the right of the header were not read ({count} row).",
        "Cells to the right of the header were not read ({count} rows).",
        outside,
    )
    return _WrittenRows(note if outside else None, line - 1 + bool(heading), marked)


def _place_of_heading(header: Sequence[str]) -> int:
    """The first column that says nothing of where somebody is. A word in such a column would be taken for a status."""
    meanings = map(meaning_of, header)
    fields = (meaning.field if meaning else "" for meaning in meanings)
    return next((place for place, field in enumerate(fields) if field not in ("status", "release_date")), 0)


def _on_one_line(text: str) -> str:
    """The text without control characters and line breaks. Text that was misread as Windows-1252 is repaired."""
    shown = "".join(ch if ch.isprintable() else " " for ch in mojibake.repaired(text))
    return " ".join(shown.split())
