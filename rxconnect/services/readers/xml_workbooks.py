"""Runs in the process of `converter`: reads a workbook of Excel 2003 in XML, as programs of reports still write it under `.xls`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import BinaryIO, NamedTuple

from rxconnect.services.documents import number_formats
from rxconnect.services.documents.number_formats import Shown
from rxconnect.services.documents.xml_parts import LOCAL, Text, parse
from rxconnect.services.files.notes import Notes
from rxconnect.services.readers.sheets import STRUCK, Cells, Sheet, row_number, write_table

# Formats that have a name in place of a code. Other names are those of plain numbers.
_DATES = ("Date", "Time")
_NAMED = ("General", "Currency", "Euro", "Fixed", "Standard", "Percent", "Scientific", "Yes/No", "True/False", "On/Off")


class _Row(NamedTuple):
    sheet: int
    title: str
    number: int
    cells: Cells


def convert(name: str, source: BinaryIO, scratch: BinaryIO, notes: Notes) -> str:
    """Write the rows of the first sheet with a table. Raises `BadFile`."""
    write_table(name, _sheets(name, source), scratch, notes)
    return "csv"


def _sheets(name: str, source: BinaryIO) -> Iterator[tuple[str, Sheet]]:
    for (_, title), rows in groupby(_read(name, source), key=itemgetter(0, 1)):
        yield title, ((row.number, row.cells) for row in rows)


def _read(name: str, source: BinaryIO) -> Iterator[_Row]:
    reader = _Reader()
    for _ in parse(name, source, reader.start, reader.end, reader.text.add, encoding="utf-8"):
        yield from reader.rows
        reader.rows.clear()


class _Reader:
    """Collects the finished rows of all sheets in `rows`."""

    def __init__(self) -> None:
        self.text = Text()
        self.rows: list[_Row] = []
        self._shown, self._marks = dict[str, Shown](), dict[str, str]()
        self._style, self._row_style, self._kind = "", "", ""
        self._sheet, self._title = 0, ""
        self._row, self._rows_more, self._cells = 0, 0, Cells()
        self._column, self._columns_more = -1, 0
        self._is_comment = False

    def start(self, element: str, given: dict[str, str]) -> None:
        """The beginning of an element."""
        element, values = LOCAL[element], {LOCAL[name]: value for name, value in given.items()}
        if element == "Cell":
            self._start_cell(values)
        elif element == "Data" and not self._is_comment:
            self._kind, self.text.is_wanted = values.get("Type", ""), True
        elif element in ("Comment", "PhoneticText"):
            self._is_comment = True
        elif element == "Row":
            self._row = row_number(values.get("Index", ""), self._row + self._rows_more + 1)
            # A row may stand for empty ones below it.
            self._rows_more = _count(values, "Span")
            self._column, self._columns_more, self._cells = -1, 0, Cells()
            self._row_style = values.get("StyleID", "")
        elif element == "Worksheet":
            self._sheet, self._title = self._sheet + 1, values.get("Name", "")
            self._row, self._rows_more = 0, 0
        else:
            self._start_of_style(element, values)

    def end(self, element: str) -> None:
        """The end of an element."""
        element = LOCAL[element]
        if element == "Data" and not self._is_comment:
            self.text.is_wanted = False
        elif element in ("Comment", "PhoneticText"):
            self._is_comment = False
        elif element == "Cell":
            if value := self._value(self.text.take()):
                self._cells.put(self._column, value)
                if mark := self._marks.get(self._style):
                    self._cells.mark(self._column, mark)
        elif element == "Row":
            self.rows.append(_Row(self._sheet, self._title, self._row, self._cells))

    def _start_cell(self, given: dict[str, str]) -> None:
        self._column = max(self._column + self._columns_more + 1, _count(given, "Index") - 1)
        self._columns_more = _count(given, "MergeAcross")
        self._style, self._kind = given.get("StyleID", self._row_style), ""
        self.text.begin()

    def _start_of_style(self, element: str, given: dict[str, str]) -> None:
        if element == "Style":
            self._style = given.get("ID", "")
        elif element == "NumberFormat":
            self._shown[self._style] = _shown_by(given.get("Format", ""))
        elif element == "Font" and given.get("StrikeThrough") == "1":
            self._marks[self._style] = STRUCK
        elif element == "Interior" and "Color" in given:
            self._marks.setdefault(self._style, given["Color"])

    def _value(self, text: str) -> str:
        if self._kind == "Number":
            return self._shown.get(self._style, number_formats.plain)(text)
        if self._kind == "DateTime":
            day, _, time = text.partition("T")
            return day if not time.strip("0:.Z") else f"{day} {time.partition('.')[0]}"
        if self._kind == "Boolean":
            return "TRUE" if text == "1" else "FALSE"
        return text


def _count(given: dict[str, str], name: str) -> int:
    written = given.get(name, "")
    return int(written) if written.isdecimal() and len(written) < 9 else 0


def _shown_by(code: str) -> Shown:
    if code.endswith(_DATES):
        return number_formats.built_in(14, is_1904=False)
    return number_formats.plain if not code or code.startswith(_NAMED) else number_formats.of_code(code, is_1904=False)
