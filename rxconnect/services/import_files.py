"""Reading the files that operators hand us: CSV as any spreadsheet or department writes it, or JSON lines.

A file may hold the whole country, so it is never in memory as a whole: its rows are read one after the other, and each
knows where it stands, to be read again from there.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from rxconnect.domain.errors import BadFile
from rxconnect.domain.text import count
from rxconnect.services.import_text import open_text

_LONGEST_LINE = 1024**2
_MOST_COLUMNS = 1_000
# Excel begins a file with such a line, to open it again as it was.
_DELIMITER_HINT = re.compile(r'"?sep=([,;\t|])"?\s*$', re.IGNORECASE)
_JSON_ARRAY = re.compile(rb"\[\s*[\[{\]]")


class Row(NamedTuple):
    """One row: the line it starts on, its cells, trimmed, and what is wrong with its form, if anything.

    `cells` follow the header, and after them comes an empty one, for columns that the file does not have (place -1).
    `start` and `size` are where the row stands in the file, in bytes.
    """

    line: int
    cells: list[str]
    fault: str
    start: int
    size: int


class ImportFile(ABC):
    """A file with a header and at least one row. `notes` are sentences about how it was read."""

    def __init__(self, name: str, text: BinaryIO, notes: list[str]):
        self.name, self.notes, self._text = name, notes, text
        self._fewest = 1  # cells of a row
        self._stamp = self._stamped()
        self._first = 3 if os.pread(text.fileno(), 3, 0) == codecs.BOM_UTF8 else 0
        self.header = self._read_header()
        if len(self.header) > _MOST_COLUMNS:
            raise BadFile(f"{name} has more than {_MOST_COLUMNS:,} columns, so it is not a table that we know.")
        if next(self.rows(), None) is None:
            raise BadFile(f"{name} has no rows, so nothing was changed.")

    @abstractmethod
    def rows(self) -> Iterator[Row]:
        """Every row, from the first. One iterator at a time."""

    @abstractmethod
    def _read_header(self) -> list[str]: ...

    @abstractmethod
    def _row(self, line: int, start: int, content: bytes) -> Row: ...

    def row_at(self, line: int, start: int, size: int) -> Row:
        """A row again, by where it stands."""
        try:
            return self._row(line, start, os.pread(self._text.fileno(), size, start))
        except (csv.Error, StopIteration, UnicodeDecodeError):
            self.require_unchanged()
            raise

    def use(self, places: Iterable[int]) -> None:
        """From now on a row that does not reach as far as the last of these columns is at fault.

        Some systems leave out empty cells at the end of a row. But it cannot be told from a row that was cut off, which
        would take away what we know; so no more may be missing than what nobody reads.
        """
        self._fewest = max(places) + 1

    @property
    def size(self) -> int:
        """All bytes, for progress: `Row.start` comes this far."""
        return self._stamp[0]

    def require_unchanged(self) -> None:
        """Raises `BadFile` when the file has been written to since it was opened: places in it mean nothing then."""
        if self._stamped() != self._stamp:
            raise BadFile(f"{self.name} was changed while it was read; import it again when it is finished.")

    def _refuse_cut_off(self, line: int, end: int) -> None:
        """Raises `BadFile` when an unfinished row is the end of the file, without even a line break: more is missing."""
        if end == self.size and os.pread(self._text.fileno(), 1, end - 1) not in b"\r\n":
            raise BadFile(f"{self.name} is cut off in line {line}, so nothing was changed; get the whole file.")

    def _stamped(self) -> tuple[int, int]:
        found = os.fstat(self._text.fileno())
        return found.st_size, found.st_mtime_ns


class _Lines:
    """The lines of a file, counted. After each, `start` is where the next one begins, in bytes."""

    def __init__(self, name: str, text: BinaryIO, start: int, number: int):
        self.start, self.number = start, number
        self._name, self._text = name, text
        text.seek(start)

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(_LONGEST_LINE):
            if len(line) == _LONGEST_LINE:
                raise BadFile(
                    f"Line {self.number + 1} of {self._name} is too long to be a row, so nothing was changed."
                )
            self.start += len(line)
            self.number += 1
            try:
                yield line.decode()
            except UnicodeDecodeError:
                # It was UTF-8 to the end when it was opened.
                raise BadFile(f"{self._name} was changed while it was read; import it again.") from None


class _CsvFile(ImportFile):
    """Divided by comma, semicolon, tab or bar, whatever the header has most of."""

    def _read_header(self) -> list[str]:
        lines = _Lines(self.name, self._text, self._first, 0)
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
        for line, start, size, cells in self._records():
            if any(cells):
                if len(cells) < len(self.header):
                    self._refuse_cut_off(line, start + size)
                yield self._of_cells(line, start, size, cells)

    def _row(self, line: int, start: int, content: bytes) -> Row:
        lines = io.StringIO(content.decode(), newline="")
        cells = next(csv.reader(lines, delimiter=self._delimiter, strict=True))
        return self._of_cells(line, start, len(content), cells)

    def _records(self) -> Iterator[tuple[int, int, int, list[str]]]:
        """Line, start, size and cells of each record. A quotation mark never closed would swallow rows: it spoils all."""
        start, number = self._body
        lines = _Lines(self.name, self._text, start, number)
        try:
            for cells in csv.reader(lines, delimiter=self._delimiter, strict=True):
                yield number + 1, start, lines.start - start, cells
                start, number = lines.start, lines.number
        except csv.Error as error:
            raise BadFile(f"Line {number + 1} is not readable as CSV ({error}), so nothing was changed.") from None

    def _of_cells(self, line: int, start: int, size: int, cells: list[str]) -> Row:
        width, found = len(self.header), len(cells)
        cells = [cell.strip() for cell in cells]
        fault = ""
        if found < self._fewest or (found > width and any(cells[width:])):
            fault = f"has {count(found, 'cell')}, but the header names {count(width, 'column')}"
        cells = cells[:width] + [""] * (width - found + 1) if found != width else [*cells, ""]
        return Row(line, cells, fault, start, size)


class _JsonFile(ImportFile):
    """One flat object a line; the header is all names that occur."""

    def _read_header(self) -> list[str]:
        names: dict[str, None] = {}
        for line in _Lines(self.name, self._text, self._first, 0):
            names.update(dict.fromkeys(_json_object(line)[0]))
            if len(names) > _MOST_COLUMNS:
                break
        return list(names)

    def rows(self) -> Iterator[Row]:
        lines = _Lines(self.name, self._text, self._first, 0)
        start = lines.start
        for line in lines:
            if line.strip():
                row = self._of_line(lines.number, start, lines.start - start, line)
                if row.fault and line.lstrip()[0] == "{" and line.rstrip()[-1] != "}":
                    self._refuse_cut_off(lines.number, lines.start)
                yield row
            start = lines.start

    def _row(self, line: int, start: int, content: bytes) -> Row:
        return self._of_line(line, start, len(content), content.decode())

    def _of_line(self, number: int, start: int, size: int, line: str) -> Row:
        values, fault = _json_object(line)
        return Row(number, [*(values.get(name, "") for name in self.header), ""], fault, start, size)


@contextmanager
def open_file(path: Path) -> Iterator[ImportFile]:
    """A CSV or JSON-lines file, opened.

    Raises `BadFile` when it is neither, or has no rows.
    """
    with open_text(path) as (text, notes):
        beginning = os.pread(text.fileno(), _LONGEST_LINE, 0).removeprefix(codecs.BOM_UTF8).lstrip()
        if _JSON_ARRAY.match(beginning):
            raise BadFile(f"{path.name} is one JSON array, but each object has to stand on a line of its own.")
        yield (_JsonFile if beginning.startswith(b"{") else _CsvFile)(path.name, text, notes)


def _json_object(line: str) -> tuple[dict[str, str], str]:
    """The texts of a line by name, and what is wrong with it, if anything."""
    if not line.strip():
        return {}, ""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return {}, "is not a line of JSON"
    if not isinstance(values, dict) or not all(_is_cell(value) for value in values.values()):
        return {}, "must be one JSON object of texts and whole numbers"
    return {name: "" if value is None else str(value).strip() for name, value in values.items()}, ""


def _is_cell(value: object) -> bool:
    # To Python true and false are numbers.
    return isinstance(value, str | int | None) and not isinstance(value, bool)
