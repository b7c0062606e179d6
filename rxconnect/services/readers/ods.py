"""Runs in the process of `converter`: reads a sheet of LibreOffice (ODS) row by row. It computes no formula."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from itertools import groupby
from typing import BinaryIO

from rxconnect.domain.errors import BadFile
from rxconnect.services.documents import number_formats
from rxconnect.services.documents.xml_parts import LOCAL, Stream, Text, parse
from rxconnect.services.files.notes import Notes
from rxconnect.services.files.rows import MOST_COLUMNS
from rxconnect.services.readers.sheets import Cells, write_table

Open = Callable[[str], Stream | None]

_LAST_ROW, _MOST_EQUAL_ROWS = 1_048_576, 1_000
_CELLS = {"table-cell", "covered-table-cell"}
_NUMBERS = {"float", "percentage", "currency"}


def is_workbook(members: Collection[str]) -> bool:
    """Whether an archive with these files is such a sheet, or another document of its family."""
    return "mimetype" in members and "content.xml" in members


def convert(name: str, unpacked: Open, scratch: BinaryIO, notes: Notes) -> None:
    """Write the rows of the first sheet with a table. Raises `BadFile`."""
    _refuse_encrypted(name, unpacked)
    part = unpacked("content.xml")
    assert part is not None
    found = groupby(_read(name, part), key=lambda row: row[:2])
    sheets = ((title, ((number, cells) for *_, number, cells in rows)) for (_, title), rows in found)
    write_table(name, sheets, scratch, notes)


def _refuse_encrypted(name: str, unpacked: Open) -> None:
    def start(element: str, _given: dict[str, str]) -> None:
        if LOCAL[element] == "encryption-data":
            raise BadFile("{name} is protected by a password; save it without one.", name=name)

    if manifest := unpacked("META-INF/manifest.xml"):
        # LibreOffice's own manifests have no declarations, but those of older programs name a DTD.
        for _ in parse(name, manifest, start, lambda _element: None, lambda _text: None):
            pass


def _read(name: str, part: Stream) -> Iterator[tuple[int, str, int, Cells]]:
    """Place and title of the sheet, number and cells, of each row that has any."""
    reader = _Reader()
    for _ in parse(name, part, reader.start, reader.end, reader.text.add):
        for title, number, times, cells in reader.rows:
            for more in range(times):
                yield reader.sheet, title, number + more, cells
        reader.rows.clear()


class _Reader:
    """Collects the finished rows in `rows`, each with how many times it is repeated."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, int, int, Cells]] = []
        self.sheet, self._title, self._row = 0, "", 0
        self._times, self._column, self._cells = 1, 0, Cells()
        self._given: dict[str, str] = {}
        # Comments inside cells are hidden, and their text is never wanted.
        self.text = Text()
        self._paragraphs, self._hidden = 0, 0

    def start(self, element: str, given: dict[str, str]) -> None:
        """The beginning of an element. The frequent ones come first."""
        element = LOCAL[element]
        if self._hidden:
            self._hidden += 1
        elif element == "p":
            self.text.is_wanted = True
            if self._paragraphs:
                self.text.add(" ")
            self._paragraphs += 1
        elif element in _CELLS:
            self._given = given
            self._paragraphs = 0
        elif element in ("s", "tab", "line-break"):
            self.text.add(" ")
        elif element == "table-row":
            self._times = _count(given.get("table:number-rows-repeated", "1"))
            self._column, self._cells = 0, Cells()
        elif element == "table":
            self.sheet, self._title, self._row = self.sheet + 1, given.get("table:name", ""), 0
        elif element in ("annotation", "shapes", "tracked-changes"):
            self._hidden = 1

    def end(self, element: str) -> None:
        """The end of an element."""
        element = LOCAL[element]
        if self._hidden:
            self._hidden -= 1
        elif element == "p":
            self.text.is_wanted = False
        elif element in _CELLS:
            self._add_cells(_shown(self._given, self.text.take().strip()) if self._paragraphs else "")
        elif element == "table-row":
            self._end_row()

    def _add_cells(self, text: str) -> None:
        repeated = self._given.get("table:number-columns-repeated")
        if not repeated:
            if text:
                self._cells.put(self._column, text)
            self._column += 1
            return
        times = _count(repeated)
        if text:
            for column in range(self._column, min(self._column + times, MOST_COLUMNS + 1)):
                self._cells.put(column, text)
        self._column += times

    def _end_row(self) -> None:
        if self._row >= _LAST_ROW or (self._cells and self._times > _MOST_EQUAL_ROWS):
            raise BadFile("The sheet has more rows, or more equal ones, than a table has. Nothing was changed.")
        if self._cells:
            self.rows.append((self._title, self._row + 1, self._times, self._cells))
        self._row += self._times


def _count(written: str) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", written):
        raise BadFile("The sheet is damaged: it repeats a cell a wrong number of times. Nothing was changed.")
    return int(written)


def _shown(given: dict[str, str], text: str) -> str:
    """A cell's text. A number is as it is shown if only its form differs (`00042`, `000-42`), and else bare."""
    kind = given.get("office:value-type", "string")
    if kind == "string":
        return text
    if kind in _NUMBERS and text:
        value = number_formats.plain(given.get("office:value", text))
        return text if _is_same_number(text, value) else value
    if kind == "date":
        return given.get("office:date-value", text).replace("T00:00:00", "").replace("T", " ")
    if kind == "boolean":
        return given.get("office:boolean-value", text).upper()
    return text


def _is_same_number(text: str, value: str) -> bool:
    digits = re.sub(r"[^0-9]+", "", text)
    return (
        value.isdecimal() and not re.search(r"[.,%]|[^\x00-\x7f]|\$", text) and digits.lstrip("0") == value.lstrip("0")
    )
