"""Runs in the process of `converter`: reads a workbook of Excel from before 2007 (XLS)."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, BinaryIO

import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.book import Book
from xlrd.sheet import Sheet as Grid

from rxconnect.domain.errors import BadFile
from rxconnect.services.documents import number_formats
from rxconnect.services.documents.number_formats import Shown
from rxconnect.services.files.kinds import SAVE_AS_CSV
from rxconnect.services.files.notes import Notes
from rxconnect.services.readers.sheets import Cells, Sheet, write_table

_NUMBERS = (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE)


def convert(name: str, source: BinaryIO, scratch: BinaryIO, notes: Notes) -> str:
    """Write the rows of the first sheet with a table. Raises `BadFile`."""
    with mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise BadFile("{name} is protected by a password; save it without one.", name=name)
        book = _open_book(name, content)
        write_table(name, _read_sheets(book), scratch, notes)
        # The process ends now, and the file is unmapped with it.
        os.fsync(scratch.fileno())
    return "csv"


def _open_book(name: str, content: mmap.mmap) -> Book:
    try:
        with open(os.devnull, "w", encoding="utf-8") as log:
            return xlrd.open_workbook(file_contents=content, formatting_info=True, on_demand=True, logfile=log)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise BadFile("{name} is protected by a password; save it without one.", name=name) from None
        raise BadFile(
            "{name} is no workbook that we can read, so nothing was changed; {save}", name=name, save=SAVE_AS_CSV
        ) from None


def _read_sheets(book: Book) -> Iterator[tuple[str, Sheet]]:
    shown = lru_cache(maxsize=None)(lambda style: _format_of(book, style))
    for place in sorted(range(book.nsheets), key=lambda place: bool(book._sheet_visibility[place])):
        grid = book.sheet_by_index(place)
        yield grid.name, _read_rows(grid, shown)
        book.unload_sheet(place)


def _format_of(book: Book, style: int) -> Shown:
    number = book.xf_list[style].format_key
    known = book.format_map.get(number)
    if known is None or not known.format_str or known.format_str.lower() == "general":
        return number_formats.built_in(number, bool(book.datemode))
    return number_formats.of_code(known.format_str, bool(book.datemode))


def _read_rows(grid: Grid, shown: Callable[[int], Shown]) -> Sheet:
    for number in range(grid.nrows):
        kinds, values = grid.row_types(number), grid.row_values(number)
        cells = Cells()
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            if text := _text(grid, number, column, kind, value, shown):
                cells.put(column, text)
        yield number + 1, cells


def _text(grid: Grid, row: int, column: int, kind: int, value: Any, shown: Callable[[int], Shown]) -> str:
    if kind == xlrd.XL_CELL_TEXT:
        return value
    if kind in _NUMBERS:
        return shown(grid.cell_xf_index(row, column))(repr(value))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    return error_text_from_code.get(value, "#N/A") if kind == xlrd.XL_CELL_ERROR else ""
