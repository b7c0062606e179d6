"""The rows of an import file, of any format.

A file may hold the people of the whole country, so it is never in memory as a whole. Rows are read one after the other,
and each keeps its position, to be read again from there.
"""

from __future__ import annotations

import codecs
import csv
import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO, NamedTuple

from rxconnect.domain.errors import BadFile
from rxconnect.domain.readings import Place
from rxconnect.domain.sentences import Sentence
from rxconnect.services.files.notes import Notes

_LONGEST_LINE = 1024**2  # bytes
_LONGEST_RECORD = 2 * _LONGEST_LINE
MOST_COLUMNS = 1_000


class Row(NamedTuple):
    """One row: the line it starts on, its trimmed cells, and the problem with its form, if there is one.

    `cells` follow the header. After them comes an empty cell, for columns that the file does not have (place -1).
    `start` and `size` are the row's position and length in the file, in bytes.
    """

    line: int
    cells: list[str]
    fault: Sentence | None
    start: int
    size: int

    def joined(self, below: Row) -> Row:
        """This row with what the row below it adds to its cells. A hyphen at the end of a line joins two words."""
        pairs = zip(self.cells, below.cells, strict=True)
        cells = [above if cell in ("", above) else _with_rest(above, cell) for above, cell in pairs]
        return self._replace(cells=cells, size=below.start + below.size - self.start)


class ImportFile(ABC):
    """A file with a header and at least one row.

    `may_wrap` is whether a text may go on in the row below, as in a printed table. `notes` are sentences about
    how it was read, and `above` the cells of the rows above the header.
    """

    may_wrap = False

    def __init__(self, name: str, text: BinaryIO, notes: Notes):
        self.name, self.notes, self._text = name, notes, text
        self.above: list[list[str]] = []
        self._fewest = 1  # cells of a row
        # The places of the columns that are read, and the lines of the headers of further tables.
        self._read: tuple[int, ...] = ()
        self.header_lines: frozenset[int] = frozenset()
        self._stamp = self._size_and_mtime()
        self._first = 3 if os.pread(text.fileno(), 3, 0) == codecs.BOM_UTF8 else 0
        self.header = self._read_column_names()
        if len(self.header) > MOST_COLUMNS:
            raise BadFile(
                "{name} has more than {most} columns, so it is not a table that we know.",
                name=name,
                most=MOST_COLUMNS,
            )
        if next(self.rows(), None) is None:
            raise BadFile("{name} has no rows, so nothing was changed.", name=name)

    @abstractmethod
    def rows(self) -> Iterator[Row]:
        """Every row, from the first. One iterator at a time."""

    def sample(self, most: int) -> Iterator[Row]:
        """The first rows, which show how the file is written."""
        return islice(self.rows(), most)

    @abstractmethod
    def _read_column_names(self) -> list[str]: ...

    @abstractmethod
    def _parse_row(self, line: int, start: int, content: bytes) -> Row: ...

    def row_at(self, line: int, start: int, size: int) -> Row:
        """Read a row again by its position."""
        try:
            return self._parse_row(line, start, os.pread(self._text.fileno(), size, start))
        except (csv.Error, StopIteration, UnicodeDecodeError):
            self.require_unchanged()
            raise

    def require_columns(self, places: Iterable[int]) -> None:
        """Treat rows that end before the last of these columns as bad from now on.

        Some systems leave out empty cells at the end of a row. Such a row looks like one that was cut off, which would
        erase stored values. So cells may be missing only after the last column that is read.
        """
        self._read = tuple(places)
        self._fewest = max(self._read) + 1

    def place_of(self, line: int) -> Place:
        """Where the operator finds this line: in the file, or in a sheet of it."""
        return self.notes.place_of(line)

    @property
    def size(self) -> int:
        """The file's size in bytes, for progress: `Row.start` goes up to it."""
        return self._stamp[0]

    def require_unchanged(self) -> None:
        """Raise `BadFile` when the file was changed since it was opened: the positions of rows are not valid then."""
        if self._size_and_mtime() != self._stamp:
            raise BadFile("{name} was changed while it was read; import it again when it is finished.", name=self.name)

    def _refuse_cut_off(self, line: int, end: int) -> None:
        """Raise `BadFile` when the file ends in an unfinished row without a line break: the rest of it is missing."""
        if end == self.size and os.pread(self._text.fileno(), 1, end - 1) not in b"\r\n":
            raise BadFile(
                "{name} is cut off in line {line}, so nothing was changed; get the whole file. If this is all of it, "
                "end it with a line break.",
                name=self.name,
                line=str(line),
            )

    def _size_and_mtime(self) -> tuple[int, int]:
        found = os.fstat(self._text.fileno())
        return found.st_size, found.st_mtime_ns


def _with_rest(text: str, rest: str) -> str:
    return f"{text}{rest}" if text.endswith("-") or not text else f"{text} {rest}"


def pieces_of(text: BinaryIO, start: int) -> Iterator[tuple[int, bytes]]:
    """The file from a byte on, in pieces of at most a megabyte, each with its position. None ends inside a line that fits into one.

    Each piece but the first begins with the line break before it. The file is not mapped, since all of it would count as memory.
    """
    while piece := os.pread(text.fileno(), _LONGEST_LINE, start):
        if len(piece) == _LONGEST_LINE and (end := piece.rfind(b"\n")) > 0:
            piece = piece[:end]
        yield start, piece
        start += len(piece)


class Lines:
    """An iterator over the lines of a file. After each line, `start` is the byte where the next one begins."""

    def __init__(self, name: str, text: BinaryIO, start: int, number: int):
        self.start, self.number = start, number
        # Where the record of several lines begins to which the next line belongs.
        self.record: int | None = None
        self._name, self._text = name, text
        text.seek(start)

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(_LONGEST_LINE):
            self.start += len(line)
            self.number += 1
            size = len(line) if self.record is None else self.start - self.record
            if len(line) == _LONGEST_LINE or size > _LONGEST_RECORD:
                raise BadFile(
                    "Line {line} of {name} is too long to be a row, so nothing was changed.",
                    line=str(self.number),
                    name=self._name,
                )
            try:
                yield line.decode()
            except UnicodeDecodeError:
                # The whole file was checked to be UTF-8 when it was opened.
                raise BadFile("{name} was changed while it was read; import it again.", name=self._name) from None
