"""CSV files, as spreadsheets and departments write them."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator

from rxconnect.domain.errors import BadFile
from rxconnect.domain.text import counted_noun
from rxconnect.services.files.rows import ImportFile, Lines, Row

# Excel may begin a file with a line that names the delimiter.
_DELIMITER_HINT = re.compile(r'"?sep=([,;\t|])"?\s*$', re.IGNORECASE)


class CsvFile(ImportFile):
    """A CSV file. Its delimiter is the comma, semicolon, tab or bar that occurs most in the header."""

    def _read_column_names(self) -> list[str]:
        lines = Lines(self.name, self._text, self._first, 0)
        head = next((line for line in lines if line.strip()), "")
        if not head:
            raise BadFile(f"{self.name} is empty.")
        hint = _DELIMITER_HINT.match(head)
        self._delimiter = hint[1] if hint else max(",;\t|", key=head.count)
        self._body = (lines.start, lines.number) if hint else (self._first, 0)
        for line, start, size, cells in self._records():
            if any(cell.strip() for cell in cells):
                self._body = (start + size, line - 1 + os.pread(self._text.fileno(), size, start).count(b"\n"))
                return [cell.strip() for cell in cells]
        raise BadFile(f"{self.name} is empty.")

    def rows(self) -> Iterator[Row]:
        """Every record that is not blank."""
        for line, start, size, cells in self._records():
            if any(map(str.strip, cells)):
                if len(cells) < len(self.header):
                    self._refuse_cut_off(line, start + size)
                yield self._row_of_cells(line, start, size, cells)

    def _parse_row(self, line: int, start: int, content: bytes) -> Row:
        cells = next(csv.reader([content.decode()], delimiter=self._delimiter, strict=True))
        return self._row_of_cells(line, start, len(content), cells)

    def _records(self) -> Iterator[tuple[int, int, int, list[str]]]:
        """Line, start, size and cells of each record. An unclosed quotation mark swallows rows, so it fails the file."""
        start, number = self._body
        lines = Lines(self.name, self._text, start, number)
        try:
            for cells in csv.reader(lines, delimiter=self._delimiter, strict=True):
                yield number + 1, start, lines.start - start, cells
                start, number = lines.start, lines.number
        except csv.Error as error:
            raise BadFile(f"Line {number + 1} is not readable as CSV ({error}), so nothing was changed.") from None

    def _row_of_cells(self, line: int, start: int, size: int, cells: list[str]) -> Row:
        width, found = len(self.header), len(cells)
        cells, fault = [*map(str.strip, cells), ""], ""
        if found != width:
            if found < self._fewest or any(cells[width:]):
                fault = f"has {counted_noun(found, 'cell')}, but the header names {counted_noun(width, 'column')}"
            cells = [*cells[:width], *[""] * (width - found), ""]
        return Row(line, cells, fault, start, size)
