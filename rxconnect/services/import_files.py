"""Reading the files that operators hand us: CSV as any spreadsheet writes it, or JSON lines."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rxconnect.domain.errors import BadFile

_LARGEST = 100 * 1024 * 1024
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_NOT_UTF_8 = "The file is not UTF-8, so it was read as Windows-1252, as older spreadsheets write it. Check the accents."


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it starts on, its cells by column, trimmed, and what is wrong with its form, if anything."""

    line: int
    cells: dict[str, str]
    fault: str = ""

    def first(self, *columns: str) -> str:
        """The first of these columns that is not empty, as files name one thing in several ways; else ""."""
        return next((self.cells[column] for column in columns if self.cells.get(column)), "")


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds. `columns` are lower case with underscores: `Inmate Number` -> `inmate_number`."""

    columns: set[str]
    rows: list[Row]
    notes: list[str]


def read_table(path: Path) -> Table:
    """Read a CSV or JSON-lines file. Raises `BadFile` when it is neither, or has no rows."""
    text, notes = _text(path)
    rows = list(_json_lines(text) if text.lstrip().startswith("{") else _csv_rows(text))
    if not rows:
        raise BadFile(f"{path.name} has no rows, so nothing was changed.")
    return Table({column for row in rows for column in row.cells}, rows, notes)


def _text(path: Path) -> tuple[str, list[str]]:
    """The file as text, with a note when its encoding had to be guessed."""
    try:
        if path.stat().st_size > _LARGEST:
            raise BadFile(f"{path.name} is larger than {_LARGEST // 1024 // 1024} MB; split it into smaller files.")
        data = path.read_bytes()
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from None
    text, notes = _decoded(path.name, data)
    if not text.strip():
        raise BadFile(f"{path.name} is empty.")
    if _BINARY.search(text):
        raise BadFile(f"{path.name} is not a text file; save the sheet as CSV (UTF-8) and import that.")
    return text, notes


def _decoded(name: str, data: bytes) -> tuple[str, list[str]]:
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), [_NOT_UTF_8]
    except UnicodeDecodeError:
        raise BadFile(f"{name} is in an unknown encoding; save the sheet as CSV (UTF-8) and import that.") from None


def _csv_rows(text: str) -> Iterator[Row]:
    """The rows under the header, whatever of comma, semicolon and tab the header is divided by."""
    body = text.lstrip()
    skipped = text[: len(text) - len(body)].count("\n")
    delimiter = max(",;\t", key=body.partition("\n")[0].count)
    columns: list[str] = []
    for line, cells in _csv_lines(body, delimiter):
        if not columns:
            columns = [_column(cell) for cell in cells]
        elif any(cell.strip() for cell in cells):
            yield _csv_row(skipped + line, columns, cells)


def _csv_lines(body: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Cells with the line they start on. A quotation mark never closed would swallow rows, so it spoils the file."""
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadFile(f"Line {line} is not readable as CSV ({error}), so nothing was changed.") from None


def _csv_row(line: int, columns: list[str], cells: list[str]) -> Row:
    trimmed = [cell.strip() for cell in cells] + [""] * (len(columns) - len(cells))
    too_many = any(trimmed[len(columns) :])
    fault = f"has {len(cells)} cells, but the header names {len(columns)} columns" if too_many else ""
    return Row(line, dict(zip(columns, trimmed, strict=False)), fault)


def _json_lines(text: str) -> Iterator[Row]:
    for line, content in enumerate(text.split("\n"), start=1):
        if content.strip():
            yield _json_row(line, content)


def _json_row(line: int, content: str) -> Row:
    try:
        values = json.loads(content)
    except (ValueError, RecursionError):
        return Row(line, {}, "is not a line of JSON")
    if not isinstance(values, dict) or any(not isinstance(value, str | int | None) for value in values.values()):
        return Row(line, {}, "must be one JSON object of texts and whole numbers")
    return Row(line, {_column(name): "" if value is None else str(value).strip() for name, value in values.items()})


def _column(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
