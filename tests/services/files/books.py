"""Writes a table in every format that is read, for tests and measurements."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

import openpyxl
import xlwt
from openpyxl.cell import WriteOnlyCell

Value = str | int | float | bool | date | None

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


class Shown(NamedTuple):
    """A number or date with the code of its format, and how the sheet shows it."""

    value: int | float | date
    code: str
    text: str


Cell = Value | Shown
Table = Sequence[Sequence[Cell]]


def text(cell: Cell) -> str:
    """The cell as CSV and JSON have it."""
    if isinstance(cell, Shown):
        return cell.value.isoformat() if isinstance(cell.value, date) else cell.text
    return "" if cell is None else str(cell)


def as_csv(path: Path, rows: Table, *, encoding: str = "utf-8", delimiter: str = ",") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([text(cell) for cell in row] for row in rows)


def as_json(path: Path, rows: Table) -> None:
    path.write_text(json.dumps(_objects(rows), indent=1))


def as_wrapped_json(path: Path, rows: Table) -> None:
    path.write_text(json.dumps({"made": "2026-06-12", "count": len(rows) - 1, "tags": [], "inmates": _objects(rows)}))


def as_json_rows(path: Path, rows: Table) -> None:
    path.write_text(json.dumps([[text(cell) for cell in row] for row in rows]))


def as_jsonl(path: Path, rows: Table) -> None:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in _objects(rows)))


def as_fixed_widths(path: Path, rows: Table) -> None:
    """As a printer writes it, with a ruler under the names of the columns."""
    texts = [[text(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    lines = [texts[0], ["-" * width for width in widths], *texts[1:]]
    path.write_text("".join("  ".join(map(str.ljust, line, widths)).rstrip() + "\n" for line in lines))


def as_html(path: Path, rows: Table) -> None:
    cells = ("".join(f"<td>{escape(text(cell))}</td>" for cell in row) for row in rows)
    path.write_text(f"<html><body><table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table></body></html>")


def as_xml(path: Path, rows: Table) -> None:
    names = [text(name).replace(" ", "") for name in rows[0]]
    people = (
        "".join(f"<{name}>{escape(text(cell))}</{name}>" for name, cell in zip(names, row, strict=False))
        for row in rows[1:]
    )
    path.write_text(f"<Roster>{''.join(f'<Inmate>{person}</Inmate>' for person in people)}</Roster>")


def as_sql(path: Path, rows: Table) -> None:
    names = ", ".join(text(name).replace(" ", "_") for name in rows[0])
    values = ("', '".join(text(cell).replace("'", "''") for cell in row) for row in rows[1:])
    path.write_text("".join(f"INSERT INTO inmate ({names}) VALUES ('{row}');\n" for row in values))


def _objects(rows: Table) -> list[dict[str, str]]:
    header = [text(name) for name in rows[0]]
    return [dict(zip(header, map(text, row), strict=False)) for row in rows[1:]]


def as_xlsx(path: Path, rows: Table, *more: tuple[str, Table], title: str = "Roster") -> None:
    book = openpyxl.Workbook(write_only=True)
    for name, table in ((title, rows), *more):
        sheet = book.create_sheet(name)
        for row in table:
            sheet.append([_xlsx_cell(sheet, cell) for cell in row])
    book.save(path)


def _xlsx_cell(sheet: object, cell: Cell) -> object:
    if not isinstance(cell, Shown):
        return cell
    made = WriteOnlyCell(sheet, cell.value)
    made.number_format = cell.code
    return made


def as_xls(path: Path, rows: Table) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Roster")
    styles: dict[str, xlwt.XFStyle] = {}
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, Shown):
                style = styles.setdefault(cell.code, xlwt.easyxf(num_format_str=cell.code))
                sheet.write(place, column, cell.value, style)
            elif cell is not None:
                sheet.write(place, column, cell)
    book.save(str(path))


def as_ods(path: Path, rows: Table) -> None:
    """As LibreOffice writes it."""
    cells = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    write_ods(path, f'<table:table table:name="Roster">{cells}</table:table>')


def write_ods(path: Path, tables: str) -> None:
    """Write an ODS file with these elements as its sheets."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES}><office:body><office:spreadsheet>'
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS_TYPE, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)


def _ods_cell(cell: Cell) -> str:
    value = cell.value if isinstance(cell, Shown) else cell
    shown = cell.text if isinstance(cell, Shown) else text(cell)
    if value is None:
        return "<table:table-cell/>"
    kind = f'office:value-type="float" office:value="{value}"'
    if isinstance(value, bool):
        kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, str):
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{escape(shown)}</text:p></table:table-cell>"


def gzipped(write: Callable[[Path, Table], None]) -> Callable[[Path, Table], None]:
    """The same file, gzipped."""

    def pack(path: Path, rows: Table) -> None:
        write(path, rows)
        path.write_bytes(gzip.compress(path.read_bytes()))

    return pack


def zipped(write: Callable[[Path, Table], None]) -> Callable[[Path, Table], None]:
    """The same file alone in a zip archive, with what a Mac puts beside it."""

    def pack(path: Path, rows: Table) -> None:
        write(path, rows)
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.mkdir("list")
            archive.writestr("list/roster", path.read_bytes())
            archive.writestr("__MACOSX/list/._roster", b"\x00\x05\x16\x07")
        path.write_bytes(content.getvalue())

    return pack


PLAIN = {
    "CSV": as_csv,
    "CSV in UTF-16": lambda path, rows: as_csv(path, rows, encoding="utf-16", delimiter="\t"),
    "JSON lines": as_jsonl,
    "a JSON array": as_json,
    "a JSON object with one array": as_wrapped_json,
    "a JSON array of arrays": as_json_rows,
    "XLSX": as_xlsx,
    "XLS": as_xls,
    "ODS": as_ods,
}
# What old programs, web pages and databases write.
TEXTS = {"fixed widths": as_fixed_widths, "HTML": as_html, "XML": as_xml, "SQL": as_sql}
FORMATS: dict[str, Callable[[Path, Table], None]] = {
    **PLAIN,
    **{f"{name}, gzip": gzipped(write) for name, write in PLAIN.items()},
    **{f"{name}, zip": zipped(write) for name, write in PLAIN.items()},
}
