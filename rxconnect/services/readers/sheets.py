"""Runs in the process of `converter`: finds the table in a workbook, and writes its rows as CSV, each on its own line.

The number of a row in the sheet is the number of its line, so that a report names what the operator sees.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

from rxconnect.domain.errors import BadFile
from rxconnect.domain.inmates import Custody
from rxconnect.domain.text import counted_noun
from rxconnect.services.files import headers, mojibake
from rxconnect.services.files.rows import MOST_COLUMNS
from rxconnect.services.shapes.headers import lists_people, names_people
from rxconnect.services.shapes.sections import section_of
from rxconnect.services.shapes.units import unit_in_heading

_LONGEST_CELL = 32_767  # as in Excel
_MOST_SHEETS = 300
_FEWEST_COLUMNS = 2
# A title that says nothing of the people on a sheet: a number, a date, or what a program calls every sheet.
_NO_TITLE = re.compile(
    r"(?:sheet|table|tabelle|hoja|feuil|feuille|foglio|planilha|arkusz|page|data|export|results?|query|copy|old|backup|archive)?"
    r"[\s\d./_()-]*|.*\d{1,4}[./_-]\d{1,2}.*",
    re.IGNORECASE,
)


class Cells(list[str]):
    """The texts of a row, up to its last cell that has one."""

    def put(self, column: int, text: str) -> None:
        """Set a cell. Raises `BadFile` when it is too far to the right for a table, or too long."""
        missing = column - len(self)
        if missing < 0:
            self[column] = text
            return
        if column >= MOST_COLUMNS:
            raise BadFile(f"The sheet has more than {MOST_COLUMNS:,} columns, so it is not a table that we know.")
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


class NoTable(BadFile):
    """No sheet has a header and rows."""


class Written(NamedTuple):
    """Whether the sheet that was written lists people, and the titles of others that do."""

    has_people: bool
    also: list[str]


def write_table(name: str, sheets: Iterable[tuple[str, Sheet]], scratch: BinaryIO, notes: list[str]) -> Written:
    """Write the first sheet that lists people, or else the first that has a header and rows.

    Raises `NoTable` when no sheet has a table.
    """
    taken: _Table | None = None
    others, parts, note = list[_Table](), list[str](), ""
    for count, (title, rows) in enumerate(sheets):
        if count >= _MOST_SHEETS:
            raise BadFile(f"{name} has more than {_MOST_SHEETS} sheets; save the one with the list as CSV.")
        table = _table_of(title, rows)
        if table is None:
            continue
        if taken is None or (table.has_people and not taken.has_people):
            others += [taken] if taken else []
            taken = table
            says_something = section_of(title) in (Custody.RELEASED, Custody.MOVED) or unit_in_heading(title)
            heading = title if says_something else ""
            note = _write_rows(table.above, table.rows, scratch, heading=heading)
        elif table.has_people and taken.has_people and not _NO_TITLE.fullmatch(title):
            # The title says which people these are, or the import asks.
            parts.append(title)
            _write_rows([], table.rows, scratch, heading=title, is_further=True)
        else:
            others.append(table)
    if taken is None:
        raise NoTable(f"{name} has no table with a header and rows, so nothing was changed.")
    notes += [note] if note else []
    if parts:
        read = ", ".join(f"“{title}”" for title in (taken.title, *parts))
        notes.append(f"The tables {read} were read one after the other.")
    if others:
        few = f"{', '.join(f'“{other.title}”' for other in others[:3])}{' and more' if len(others) > 3 else ''}"
        notes.append(
            f"{'Only the' if not parts else 'The'} sheet “{taken.title}” was read. There are tables on {few} as well."
        )
    return Written(taken.has_people, [other.title for other in others if other.has_people])


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
) -> str:
    """Write the rows above the header, the header and its rows, instead of what is there, or below it. Returns a note, or ""."""
    header = next(rows)
    width, line, outside = len(header[1]), 1, 0
    if not is_further:
        scratch.seek(0)
        scratch.truncate()
    text = io.TextIOWrapper(scratch, encoding="utf-8", errors="replace", newline="")
    write = csv.writer(text, lineterminator="\n").writerow
    if heading:
        write([heading])
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
    text.flush()
    text.detach()
    return f"Cells to the right of the header were not read ({counted_noun(outside, 'row')})." if outside else ""


def _on_one_line(text: str) -> str:
    """The text without control characters and line breaks. Text that was misread as Windows-1252 is repaired."""
    shown = "".join(ch if ch.isprintable() else " " for ch in mojibake.repaired(text))
    return " ".join(shown.split())
