"""Runs in the process of `converter`: reads the tables of a web page, which many a report saves under the name of a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby
from typing import BinaryIO, TextIO

from rxconnect.domain.errors import BadFile
from rxconnect.services.files.notes import Notes
from rxconnect.services.files.rows import MOST_COLUMNS
from rxconnect.services.readers import cards
from rxconnect.services.readers.sheets import Cells, NoTable, Sheet, write_table

_CHUNK = 64 * 1024  # characters
_LONGEST_TAG, _LONGEST_CELL = 1024**2, 512 * 1024  # characters
_DEEPEST = 50
# A row with so many cells shows that a table is a list, and does not only arrange the page.
_FEWEST_CELLS = 3
_BREAKS = frozenset(["br", "p", "div", "li", "td", "th", "tr"])
_UNSEEN = frozenset(["script", "style", "select", "noscript"])
_LAST_ROW = 1_048_576
_TITLES = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend", "summary"])
_LONGEST_TITLE, _MOST_PIECES = 60, 100


def convert(name: str, source: BinaryIO, scratch: BinaryIO, notes: Notes) -> str:
    """Write the rows of the first table of people, or the people who have a card each, or the first table of anything.

    Raises `BadFile`, also when there are several tables of people.
    """
    text = io.TextIOWrapper(source, encoding="utf-8-sig")
    no_table: NoTable | None = None
    try:
        found = write_table(name, _read_tables(name, text), scratch, about_table := Notes(), asks=False)
        also, has_people = found.also, found.has_people
    except NoTable as reason:
        no_table, also, has_people = reason, [], False
    if also:
        raise BadFile(
            "{name} holds {tables} tables of people, so nothing was changed. Save the one of those in custody alone, or all of "
            "them as one table.",
            name=name,
            tables=len(also) + 1,
        )
    if not has_people and _write_cards(name, text, scratch, notes):
        return "jsonl"
    if no_table:
        raise no_table
    if not has_people:
        text.seek(0)
        write_table(name, _read_tables(name, text), scratch, Notes())
    notes.tell(about_table)
    return "csv"


def _write_cards(name: str, text: TextIO, scratch: BinaryIO, notes: Notes) -> bool:
    """Write the people who have a card each, instead of a table. Returns whether there are any."""
    text.seek(0)
    scratch.seek(0)
    scratch.truncate()
    written = io.TextIOWrapper(scratch, encoding="utf-8", errors="replace", newline="")
    form = cards.write(name, text, written, notes)
    written.detach()
    return form != "text"


def _read_tables(name: str, text: TextIO) -> Iterator[tuple[str, Sheet]]:
    page = _Page()
    for place, rows in groupby(_read_rows(name, text, page), key=lambda row: row[0]):
        yield page.titles.get(place) or f"table {place}", ((number, cells) for _, number, cells in rows)


def _read_rows(name: str, text: TextIO, page: _Page) -> Iterator[tuple[int, int, Cells]]:
    while chunk := text.read(_CHUNK):
        page.feed(chunk)
        if len(page.rawdata) > _LONGEST_TAG:
            raise BadFile("{name} has a tag or comment that is far too long, so nothing was changed.", name=name)
        yield from page.rows
        page.rows.clear()
    page.close()
    page.finish()
    yield from page.rows


@dataclass(slots=True)
class _Table:
    """A table that is open. `until` is the last row down to which a cell above fills each column."""

    place: int
    row: int = 0
    column: int = 0
    cells: Cells = field(default_factory=Cells)
    pieces: list[str] | None = None
    spans: tuple[int, int] = (1, 1)
    until: dict[int, int] = field(default_factory=dict)
    is_list: bool = False
    # Tables inside a cell of a list are a part of its text.
    inside: int = 0


class _Page(HTMLParser):
    """Collects the finished rows of all tables in `rows`: the table's place on the page, the row's number, and its cells.

    `titles` are the last headings above the tables, or the last texts if there are no headings, by the table's place.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[int, int, Cells]] = []
        self.titles: dict[int, str] = {}
        self._heading = self._last_text = self._title_in = ""
        self._title: list[str] = []
        self._open: list[_Table] = []
        self._places = self._unseen = self._size = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """The beginning of an element. The end of the one before need not be written."""
        self._unseen += tag in _UNSEEN
        if tag in _TITLES or not self._open:
            self._end_title(tag if tag in _TITLES else "")
        if tag == "table":
            self._begin_table()
            return
        table = self._open[-1] if self._open else None
        if table is None:
            return
        if table.inside or tag not in ("tr", "td", "th"):
            if tag in _BREAKS:
                self.handle_data(" ")
            return
        if tag == "tr":
            self._end_row(table)
            table.row += 1
            return
        self._end_cell(table)
        given = dict(attrs)
        table.row = table.row or 1
        table.pieces, table.spans = [], (_count(given.get("colspan")), _count(given.get("rowspan")))
        self._size = 0

    def handle_endtag(self, tag: str) -> None:
        """The end of an element."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag == self._title_in or not self._open:
            self._end_title("")
        if not self._open:
            return
        table = self._open[-1]
        if table.inside:
            table.inside -= tag == "table"
        elif tag in ("td", "th"):
            self._end_cell(table)
        elif tag in ("tr", "table"):
            self._end_row(table)
            if tag == "table":
                self._open.pop()

    def handle_data(self, data: str) -> None:
        """A piece of text."""
        if self._open and not self._unseen and (pieces := self._open[-1].pieces) is not None:
            pieces.append(data)
            self._size += len(data)
            if self._size > _LONGEST_CELL:
                raise BadFile("A cell is too long to be part of a table, so nothing was changed.")
        elif not self._unseen and (not self._open or self._title_in) and len(self._title) < _MOST_PIECES:
            self._title.append(data)

    def updatepos(self, _start: int, end: int) -> int:
        """Count no lines: nobody asks the parser where it is, and counting them took a tenth of its time."""
        return end

    def finish(self) -> None:
        """End the rows of tables whose end is missing."""
        while self._open:
            self._end_row(self._open.pop())

    def _begin_table(self) -> None:
        if self._open and self._open[-1].is_list and self._open[-1].pieces is not None:
            self._open[-1].inside += 1
            return
        if len(self._open) >= _DEEPEST:
            raise BadFile("The page is nested too deeply to be a table, so nothing was changed.")
        self._places += 1
        if title := self._heading or self._last_text:
            self.titles[self._places] = title[:_LONGEST_TITLE]
        self._heading = self._last_text = ""
        self._open.append(_Table(self._places))

    def _end_title(self, begins: str) -> None:
        """End a text outside of tables. A heading is one even far above a table; a caption stands in it."""
        text, self._title = " ".join("".join(self._title).split()), []
        if text and self._title_in == "caption" and self._open:
            self.titles[self._open[-1].place] = text[:_LONGEST_TITLE]
        elif text and self._title_in:
            self._heading = text
        elif text:
            self._last_text = text
        self._title_in = begins

    def _end_cell(self, table: _Table) -> None:
        if table.pieces is None:
            return
        text = " ".join("".join(table.pieces).split())
        while table.until.get(table.column, 0) >= table.row:
            table.column += 1
        if text:
            table.cells.put(table.column, text)
        wide, high = table.spans
        for column in range(table.column, min(table.column + wide, MOST_COLUMNS) if high > 1 else 0):
            table.until[column] = table.row + high - 1
        table.column += wide
        table.pieces = None

    def _end_row(self, table: _Table) -> None:
        self._end_cell(table)
        if any(table.cells):
            if table.row > _LAST_ROW:
                raise BadFile("The page has more rows than a sheet has, so nothing was changed.")
            self.rows.append((table.place, table.row, table.cells))
            table.is_list = table.is_list or sum(map(bool, table.cells)) >= _FEWEST_CELLS
        table.column, table.cells = 0, Cells()


def _count(written: str | None) -> int:
    """How many columns or rows a cell fills."""
    return max(1, min(int(written), MOST_COLUMNS)) if written and written.isdecimal() and len(written) < 5 else 1
