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
import stat
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from rxconnect.domain.errors import BadFile

_LARGEST = 2 * 1024**3  # bytes; two million people take about 300 MB
_LONGEST_LINE = 1024**2
_MOST_COLUMNS = 1_000
_CHUNK = 1024**2
# Bytes that no text file has, whatever its encoding, but for UTF-16.
_CONTROL = bytes([*range(0x09), *range(0x0E, 0x20), 0x7F])
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_UTF_8 = "The file is not UTF-8, so it was read as Windows-1252, as older spreadsheets write it. Check the accents."
_SAVE_AS_CSV = "save the sheet as CSV (UTF-8) and import that."
# How well-known files begin, and what to say of them.
_OTHER_KINDS = (
    (b"PK\x03\x04", f"is a workbook or an archive, not a text file; {_SAVE_AS_CSV}"),
    (b"\xd0\xcf\x11\xe0", f"is a workbook, not a text file; {_SAVE_AS_CSV}"),
    (b"%PDF", "is a PDF, not a table; ask for the list as CSV."),
    (b"\x1f\x8b", "is compressed; unpack it and import what was in it."),
)


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
        return self._row(line, start, os.pread(self._text.fileno(), size, start))

    @property
    def size(self) -> int:
        """All bytes, for progress: `Row.start` comes this far."""
        return self._stamp[0]

    def require_unchanged(self) -> None:
        """Raises `BadFile` when the file has been written to since it was opened: places in it mean nothing then."""
        if self._stamped() != self._stamp:
            raise BadFile(f"{self.name} was changed while it was read; import it again when it is finished.")

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
            yield line.decode()


class _CsvFile(ImportFile):
    """Divided by comma, semicolon, tab or bar, whatever the header has most of."""

    def _read_header(self) -> list[str]:
        lines = _Lines(self.name, self._text, self._first, 0)
        head = next((line for line in lines if line.strip()), "")
        if not head:
            raise BadFile(f"{self.name} is empty.")
        self._delimiter = max(",;\t|", key=head.count)
        self._body = (self._first, 0)
        for line, start, size, cells in self._records():
            if any(cell.strip() for cell in cells):
                self._body = (start + size, line - 1 + os.pread(self._text.fileno(), size, start).count(b"\n"))
                return [cell.strip() for cell in cells]
        raise BadFile(f"{self.name} is empty.")

    def rows(self) -> Iterator[Row]:
        for line, start, size, cells in self._records():
            if any(cells):
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
        if found > width and any(cells[width:]):
            fault = f"has {found} cells, but the header names {width} columns"
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
                yield self._of_line(lines.number, start, lines.start - start, line)
            start = lines.start

    def _row(self, line: int, start: int, content: bytes) -> Row:
        return self._of_line(line, start, len(content), content.decode())

    def _of_line(self, number: int, start: int, size: int, line: str) -> Row:
        values, fault = _json_object(line)
        return Row(number, [*(values.get(name, "") for name in self.header), ""], fault, start, size)


@contextmanager
def open_file(path: Path) -> Iterator[ImportFile]:
    """A CSV or JSON-lines file, opened; large ones take a moment, as all of it is looked at for its encoding.

    Raises `BadFile` when it is neither, or has no rows.
    """
    with _opened(path) as raw, _as_utf_8(path.name, raw) as (text, notes):
        is_json = _first_character(text) == b"{"
        yield (_JsonFile if is_json else _CsvFile)(path.name, text, notes)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise BadFile(f"{path} is {'a folder' if stat.S_ISDIR(found.st_mode) else 'not a file'}.")
        if found.st_size > _LARGEST:
            raise BadFile(f"{path.name} is larger than {_LARGEST // 1024**3} GB; split it into smaller files.")
        file = path.open("rb")
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from None
    with file:
        yield file


@contextmanager
def _as_utf_8(name: str, raw: BinaryIO) -> Iterator[tuple[BinaryIO, list[str]]]:
    """The file itself, or a copy of it in UTF-8 whose lines end as ours do, with notes. The copy has no name to leave."""
    encoding, notes = _encoding(name, raw)
    if encoding == "utf-8":
        yield raw, notes
        return
    with tempfile.TemporaryFile() as copy:
        os.lseek(raw.fileno(), 0, os.SEEK_SET)
        try:
            with open(os.dup(raw.fileno()), encoding=encoding, newline=None) as decoded:
                while some := decoded.read(_CHUNK):
                    copy.write(some.encode())
        except UnicodeError:
            raise BadFile(f"{name} is in an unknown encoding; {_SAVE_AS_CSV}") from None
        copy.flush()
        for chunk in _chunks(copy):
            _refuse_control(name, chunk)
        yield copy, notes


def _encoding(name: str, raw: BinaryIO) -> tuple[str, list[str]]:
    """What the file is to be decoded with, "utf-8" when it can stay as it is, and a note when that was guessed."""
    head = os.pread(raw.fileno(), _CHUNK, 0)
    for beginning, reason in _OTHER_KINDS:
        if head.startswith(beginning):
            raise BadFile(f"{name} {reason}")
    if head.startswith(_UTF_16):
        return "utf-16", []
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf_8 = True
    for chunk in _chunks(raw):
        _refuse_control(name, chunk)
        try:
            decoder.decode(chunk if is_utf_8 else b"")
        except UnicodeDecodeError:
            is_utf_8 = False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        is_utf_8 = False
    if not is_utf_8:
        return "cp1252", [_NOT_UTF_8]
    ends_lines_with_cr = b"\r" in head and b"\n" not in head
    return "utf-8-sig" if ends_lines_with_cr else "utf-8", []


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _refuse_control(name: str, chunk: bytes) -> None:
    if len(chunk.translate(None, _CONTROL)) != len(chunk):
        raise BadFile(f"{name} is not a text file; {_SAVE_AS_CSV}")


def _first_character(text: BinaryIO) -> bytes:
    return os.pread(text.fileno(), _CHUNK, 0).removeprefix(codecs.BOM_UTF8).lstrip()[:1]


def _json_object(line: str) -> tuple[dict[str, str], str]:
    """The texts of a line by name, and what is wrong with it, if anything."""
    if not line.strip():
        return {}, ""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return {}, "is not a line of JSON"
    if not isinstance(values, dict) or any(not isinstance(value, str | int | None) for value in values.values()):
        return {}, "must be one JSON object of texts and whole numbers"
    return {name: "" if value is None else str(value).strip() for name, value in values.items()}, ""
