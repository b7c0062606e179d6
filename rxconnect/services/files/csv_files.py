"""CSV files, as spreadsheets and departments write them."""

from __future__ import annotations

import csv
import io
import mmap
import os
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from rxconnect.domain.errors import BadFile
from rxconnect.domain.text import counted_noun
from rxconnect.services.files import headers
from rxconnect.services.files.cells import without_text_mark
from rxconnect.services.files.rows import ImportFile, Lines, Row

_DELIMITERS = ",;\t|"
# Excel may begin a file with a line that names the delimiter.
_DELIMITER_HINT = re.compile(r'"?sep=([,;\t|])"?\s*$', re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
# A cell that may begin with a mark of `cells.without_text_mark`.
_TEXT_MARK = re.compile(rb"(?:^|[,;\t|\"\r\n]) *(?:=|'|\xe2\x80\x99)")
_LOOKED_AT = 64 * 1024  # bytes


class CsvFile(ImportFile):
    """A CSV file, separated by commas, semicolons, tabs or bars. A title may stand above the header."""

    def _read_column_names(self) -> list[str]:
        lines = Lines(self.name, self._text, self._first, 0)
        head = next((line for line in lines if line.strip()), "")
        if not head:
            raise BadFile(f"{self.name} is empty.")
        hint = _DELIMITER_HINT.match(head)
        self._delimiter = hint[1] if hint else self._guess_delimiter()
        self._body = (lines.start, lines.number) if hint else (self._first, 0)
        with mmap.mmap(self._text.fileno(), 0, access=mmap.ACCESS_READ) as content:
            # Few files have any, and looking at every cell takes longer than this.
            self._has_text_marks = _TEXT_MARK.search(content) is not None
        beginning = list(islice(filter(_is_filled, self._records()), headers.LOOKED_AT))
        if not beginning:
            raise BadFile(f"{self.name} is empty.")
        place, cells = headers.find([record[3] for record in beginning])
        line, start, size, _ = beginning[place]
        self.above = [record[3] for record in beginning[:place]]
        self._body = (start + size, line - 1 + os.pread(self._text.fileno(), size, start).count(b"\n"))
        header = [without_text_mark(cell.strip()) for cell in cells]
        if values := headers.values_in(header):
            raise BadFile(
                f"{self.name} has no header with the names of its columns: its first row holds {values[0]} and {values[1]}, so "
                "nothing was changed. Export it as CSV with a header."
            )
        return header

    def rows(self) -> Iterator[Row]:
        """Every record that is not blank."""
        for line, start, size, cells in self._records():
            if any(map(str.strip, cells)):
                if len(cells) < len(self.header):
                    self._refuse_cut_off(line, start + size)
                yield self._row_of_cells(line, start, size, cells)

    def _guess_delimiter(self) -> str:
        return guess_delimiter(os.pread(self._text.fileno(), _LOOKED_AT, self._first))

    def _parse_row(self, line: int, start: int, content: bytes) -> Row:
        cells = next(csv.reader([content.decode()], delimiter=self._delimiter, strict=True))
        return self._row_of_cells(line, start, len(content), cells)

    def _records(self) -> Iterator[tuple[int, int, int, list[str]]]:
        """Line, start, size and cells of each record. An unclosed quotation mark swallows rows, so it fails the file."""
        start, number = self._body
        lines = Lines(self.name, self._text, start, number)
        lines.record = start
        try:
            for cells in csv.reader(lines, delimiter=self._delimiter, strict=True):
                yield number + 1, start, lines.start - start, cells
                start = lines.record = lines.start
                number = lines.number
        except csv.Error as error:
            raise BadFile(f"Line {number + 1} is not readable as CSV ({error}), so nothing was changed.") from None

    def _row_of_cells(self, line: int, start: int, size: int, cells: list[str]) -> Row:
        width, found = len(self.header), len(cells)
        cells, fault = [*map(str.strip, cells), ""], ""
        if found != width:
            if found < self._fewest or any(cells[width:]):
                fault = f"has {counted_noun(found, 'cell')}, but the header names {counted_noun(width, 'column')}"
            cells = [*cells[:width], *[""] * (width - found), ""]
        if self._has_text_marks:
            cells = [*map(without_text_mark, cells)]
        return Row(line, cells, fault, start, size)


class TableFile(CsvFile):
    """Rows that the process of `readers.converter` wrote."""

    def _guess_delimiter(self) -> str:
        return ","


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


def _is_filled(record: tuple[int, int, int, list[str]]) -> bool:
    return any(map(str.strip, record[3]))


def _evenness(counts: list[int]) -> tuple[int, int]:
    """In how many lines the most common number of delimiters occurs, and that number."""
    common = Counter(filter(None, counts)).most_common(1)
    return (common[0][1], common[0][0]) if common else (0, 0)
