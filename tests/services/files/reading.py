"""Reads a file as an import does."""

from __future__ import annotations

from pathlib import Path

from rxconnect.services.files.files import open_import_file


def read(path: Path) -> tuple[list[str], list[list[str]], list[str]]:
    """The header, the cells of each good row, and the notes."""
    with open_import_file(path) as file:
        rows = list(file.rows())
        assert [row.fault for row in rows] == [None] * len(rows)
        assert [file.row_at(row.line, row.start, row.size) for row in rows] == rows
        return file.header, [row.cells[:-1] for row in rows], [*map(str, file.notes)]


def cells_of(path: Path) -> list[list[str]]:
    """The cells of each row."""
    return read(path)[1]


def lines_of(path: Path) -> list[int]:
    """The lines on which the rows begin."""
    with open_import_file(path) as file:
        return [row.line for row in file.rows()]
