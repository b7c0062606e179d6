"""CSV files, as spreadsheets and departments write them."""

from __future__ import annotations

import csv
import io
import os
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from rxconnect.domain.errors import BadFile
from rxconnect.domain.sentences import Sentence
from rxconnect.services.files import headers
from rxconnect.services.files.cells import ENTITY, TAG, without_entities, without_tags, without_text_mark
from rxconnect.services.files.rows import ImportFile, Lines, Row, pieces_of

_DELIMITERS = ",;\t|~^"
# Excel may begin a file with a line that names the delimiter.
_DELIMITER_HINT = re.compile(r'"?sep=([,;\t|])"?\s*$', re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
# A cell that may begin with a mark of `cells.without_text_mark`.
_TEXT_MARK = re.compile(rb"(?:^|[,;\t|~^\"\r\n]) *(?:=|'|\xe2\x80\x99)")
_LOOKED_AT = 64 * 1024  # bytes
# A line without any long number, as a header is and nearly no row of a list.
_WORDS_ONLY = re.compile(rb"\n((?:[^0-9\n]++|[0-9]{1,2}(?![0-9]))++)(?=\n|\Z)")
_MOST_LIKELY = 5_000  # lines
# The names of a whole name, and how often it may be cut: `WREN, OTTO, JR`.
_PART_OF_NAME = re.compile(r"[^\d,/]*[^\W\d_][^\d,/]*")
_MOST_CUTS = 2
_SAMPLE = 100  # rows
# What draws a table around its rows.
_RULER = re.compile(r"[-+=:|_ ]*")
_RULERS = re.compile(rb"(?:^|\n)[-+=:|_, \t;]*(?:--|==)[-+=:|_, \t;]*(?:\r?\n|\Z)")


class Table(NamedTuple):
    """A table of the file, whose header is in `line`. `places` are where the columns of the file's header stand in its rows."""

    line: int
    places: tuple[int, ...]
    width: int


class CsvFile(ImportFile):
    """A CSV file, separated by commas, semicolons, tabs, bars, tildes or carets. A title may stand above the header.

    Below the first table others may follow, with other columns (`add_tables`).
    """

    may_wrap = True
    # Whether rows without a header are as wide as each other, and how many cells they have at least.
    _are_even = True
    _fewest_unnamed = 0
    _may_have_header = True
    _tables: Sequence[Table] = ()
    # Where the header of each further table begins.
    _starts: Sequence[int] = ()
    # The column of whole names that commas part, since nothing quotes them.
    _cut_name: int | None = None

    def _read_column_names(self) -> list[str]:
        lines = Lines(self.name, self._text, self._first, 0)
        head = next((line for line in lines if line.strip()), "")
        if not head:
            raise BadFile("{name} is empty.", name=self.name)
        hint = _DELIMITER_HINT.match(head)
        self._delimiter = hint[1] if hint else self._guess_delimiter()
        self._body = (lines.start, lines.number) if hint else (self._first, 0)
        # Few files have any, and looking at every cell takes longer than this.
        signs = ((_TEXT_MARK, without_text_mark), (ENTITY, without_entities))
        self._clean = [
            clean for sign, clean in signs if any(sign.search(piece) for _, piece in pieces_of(self._text, 0))
        ]
        self._has_rulers = any(_RULERS.search(piece) for _, piece in pieces_of(self._text, 0))
        beginning = list(islice(filter(_is_filled, self._records()), headers.LOOKED_AT))
        if not beginning:
            raise BadFile("{name} is empty.", name=self.name)
        self._beginning = beginning
        if 2 * sum(any(map(TAG.search, record[3])) for record in beginning) > len(beginning):
            self._clean.insert(0, without_tags)
        if not self._may_have_header:
            return self._number_columns()
        place, cells = headers.find([record[3] for record in beginning])
        header = self._begin_below(place, cells)
        return self._number_columns() if headers.values_in(header) else header

    def _number_columns(self) -> list[str]:
        """Take the first record for a row, since it has the values of one. Only rows as wide as most are people then."""
        self.above, self._body = [], (self._first, 0)
        widths = Counter(len(record[3]) for record in self._beginning)
        self._fewest_unnamed = widths.most_common(1)[0][0] if self._are_even else 1
        return headers.numbered(self._fewest_unnamed if self._are_even else max(widths))

    def begin_at(self, place: int) -> None:
        """Take the row in this place of `above` for the header of the first table."""
        self.header = self._begin_below(place, self._beginning[place][3])

    def _begin_below(self, place: int, cells: Sequence[str]) -> list[str]:
        """Read rows from below the header, which is in this place among the first records. Returns the names in it."""
        line, start, size, _ = self._beginning[place]
        self.above = [record[3] for record in self._beginning[:place]]
        self._body = (start + size, line - 1 + os.pread(self._text.fileno(), size, start).count(b"\n"))
        return [without_entities(without_text_mark(cell.strip())) for cell in cells]

    def rows(self) -> Iterator[Row]:
        """Every record that is not blank."""
        for line, start, size, cells in self._records():
            if any(map(str.strip, cells)) and not (self._has_rulers and _is_ruler(cells)):
                if len(cells) < len(self.header) and len(cells) < self._table_at(line).width:
                    self._refuse_cut_off(line, start + size)
                yield self._row_of_cells(line, start, size, cells)

    def sample(self, most: int) -> Iterator[Row]:
        """The first rows of each table."""
        first = self._tables[1].line if self._tables else None
        yield from (row for row in islice(self.rows(), most) if first is None or row.line < first)
        for table, start in zip(self._tables[1:], self._starts, strict=True):
            records = islice(self._records((start, table.line - 1)), 1, 1 + most // 10)
            yield from (self._row_of_cells(*record) for record in records if any(map(str.strip, record[3])))

    def join_cut_names(self, column: int) -> bool:
        """Read `WREN, OTTO` in this column as one cell, if most rows have too many cells for that reason. Returns whether they do."""
        rows = [cells for *_, cells in islice(self._records(), _SAMPLE) if any(cells)]
        if self._delimiter == "," and 2 * sum(self._has_cut_name(cells, column) for cells in rows) > len(rows):
            self._cut_name = column
        return self._cut_name is not None

    def _has_cut_name(self, cells: Sequence[str], column: int) -> bool:
        """Whether a row has too many cells because the name in this column was cut."""
        more = len(cells) - len(self.header)
        parts = cells[column : column + more + 1]
        return 0 < more <= _MOST_CUTS and any(cells[-more:]) and all(_PART_OF_NAME.fullmatch(part) for part in parts)

    def likely_headers(self) -> Iterator[tuple[int, int, list[str]]]:
        """The records that are words alone: the line, the position in the file, and the trimmed cells.

        They are found without reading the file row by row, which would take as long as the import.
        """
        start, line = self._body
        likely = 0
        for begin, piece in pieces_of(self._text, max(0, start - 1)):
            at = 0
            for found in _WORDS_ONLY.finditer(piece):
                likely += 1
                if likely > _MOST_LIKELY:
                    return
                if self._delimiter.encode() not in found[1]:
                    continue
                line, at = line + piece.count(b"\n", at, found.start(1)), found.start(1)
                try:
                    cells = next(csv.reader([found[1].decode()], delimiter=self._delimiter))
                except (csv.Error, UnicodeDecodeError, StopIteration):
                    continue
                yield line, begin + at, [*map(str.strip, cells)]
            line += piece.count(b"\n", at)

    def add_tables(self, header: Sequence[str], further: Sequence[tuple[int, int, Sequence[int], int]]) -> None:
        """Read further tables: the line and position of each header, the places of all columns in its rows, and their number.

        `header` names the columns of all tables, those of the first in front.
        """
        first = Table(0, (*range(len(self.header)), *[-1] * (len(header) - len(self.header))), len(self.header))
        self._tables = [first, *(Table(line, tuple(places), width) for line, _, places, width in further)]
        self._starts = [start for _, start, _, _ in further]
        self.header_lines = frozenset(line for line, *_ in further)
        self.header = [*header]

    def _table_at(self, line: int) -> Table:
        if not self._tables:
            return Table(0, (), len(self.header))
        return self._tables[bisect_left(self._tables, line, key=attrgetter("line")) - 1]

    def _guess_delimiter(self) -> str:
        return guess_delimiter(os.pread(self._text.fileno(), _LOOKED_AT, self._first))

    def _parse_row(self, line: int, start: int, content: bytes) -> Row:
        if b"\n" not in content[:-1]:
            cells = next(csv.reader([content.decode()], delimiter=self._delimiter, strict=True))
            return self._row_of_cells(line, start, len(content), cells)
        text = io.StringIO(content.decode(), newline="")
        records = filter(any, csv.reader(text, delimiter=self._delimiter, strict=True))
        rows = (self._row_of_cells(line, start, len(content), cells) for cells in records)
        return reduce(Row.joined, rows)._replace(size=len(content))

    def _records(self, body: tuple[int, int] | None = None) -> Iterator[tuple[int, int, int, list[str]]]:
        """Line, start, size and cells of each record. An unclosed quotation mark swallows rows, so it fails the file."""
        start, number = body or self._body
        lines = Lines(self.name, self._text, start, number)
        lines.record = start
        try:
            for cells in csv.reader(lines, delimiter=self._delimiter, strict=True):
                yield number + 1, start, lines.start - start, cells
                start = lines.record = lines.start
                number = lines.number
        except csv.Error:
            raise unreadable(number + 1) from None

    def _row_of_cells(self, line: int, start: int, size: int, cells: list[str]) -> Row:
        if self._tables:
            return self._row_of_table(line, start, size, cells)
        width, column = len(self.header), self._cut_name
        if column is not None and self._has_cut_name(cells, column):
            end = column + 1 + len(cells) - width
            cells = [*cells[:column], ",".join(cells[column:end]), *cells[end:]]
        found = len(cells)
        cells, fault = [*map(str.strip, cells), ""], None
        if found != width:
            if found < max(self._fewest, self._fewest_unnamed) or any(cells[width:]):
                fault = _other_width(found, width)
            cells = [*cells[:width], *[""] * (width - found), ""]
        for clean in self._clean:
            cells = [*map(clean, cells)]
        return Row(line, cells, fault, start, size)

    def _row_of_table(self, line: int, start: int, size: int, cells: list[str]) -> Row:
        """A row of one of several tables, with its cells where the file's header has them."""
        table, found, fault = self._table_at(line), len(cells), None
        fewest = max((table.places[place] for place in self._read), default=0) + 1
        if found < fewest or any(map(str.strip, cells[table.width :])):
            fault = _other_width(found, table.width)
        cells = [*map(str.strip, cells), *[""] * (table.width - found)][: table.width]
        for clean in self._clean:
            cells = [*map(clean, cells)]
        if sum(map(bool, cells)) == 1:
            cells = [next(filter(None, cells)), *[""] * len(self.header)]  # a heading, whichever column it stands in
        else:
            cells = [*((*cells, "")[place] for place in table.places), ""]
        return Row(line, cells, fault, start, size)


class TableFile(CsvFile):
    """Rows that the process of `readers.converter` wrote. It leaves out empty cells at the end of a row."""

    _are_even = False

    def _guess_delimiter(self) -> str:
        return ","


class UnnamedTableFile(TableFile):
    """Rows that the process of `readers.converter` wrote from a file that has no header. Only headings have fewer cells."""

    _are_even = True
    _may_have_header = False


def unreadable(line: int) -> BadFile:
    """The refusal of a file in which a quotation mark stands where none may be, or none where one must."""
    return BadFile(
        "Line {line} is not readable as CSV, so nothing was changed. Look at its quotation marks.", line=str(line)
    )


def _other_width(cells: int, columns: int) -> Sentence:
    return Sentence(
        "has {cells}, but its header names {columns}",
        cells=Sentence.counted("{count} cell", "{count} cells", cells),
        columns=Sentence.counted("{count} column", "{count} columns", columns),
    )


def guess_delimiter(beginning: bytes) -> str:
    """The delimiter that occurs equally often in most lines, outside quotation marks; of several the most frequent."""
    lines = [line for line in _QUOTED.sub("", beginning.decode(errors="replace")).splitlines() if line.strip()]
    return max(_DELIMITERS, key=lambda delimiter: _evenness([line.count(delimiter) for line in lines[:40]]))


def first_rows(beginning: bytes) -> list[list[str]]:
    """The first rows of a text, if it is CSV; without the last one, which may be cut off."""
    text = beginning.decode("utf-8-sig", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=guess_delimiter(beginning))
    try:
        return [[*map(str.strip, row)] for row in islice(reader, headers.LOOKED_AT) if any(row)]
    except csv.Error:
        return []


def _is_ruler(cells: Sequence[str]) -> bool:
    """Whether a record is a line that some programs draw between a header and its rows: `---|:--`, `+----+---+`."""
    text = "".join(cells)
    return _RULER.fullmatch(text) is not None and ("--" in text or "==" in text)


def _is_filled(record: tuple[int, int, int, list[str]]) -> bool:
    return any(map(str.strip, record[3])) and not _is_ruler(record[3])


def _evenness(counts: list[int]) -> tuple[int, int]:
    """In how many lines the most common number of delimiters occurs, and that number."""
    common = Counter(filter(None, counts)).most_common(1)
    return (common[0][1], common[0][0]) if common else (0, 0)
