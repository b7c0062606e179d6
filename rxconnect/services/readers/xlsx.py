"""Runs in the process of `converter`: reads a workbook of Excel (XLSX, XLSM) row by row. It computes no formula.

Only the texts that its sheets share are in memory as a whole.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection
from typing import BinaryIO

from rxconnect.domain.errors import BadFile
from rxconnect.services.documents import number_formats
from rxconnect.services.documents.number_formats import Shown
from rxconnect.services.documents.xml_parts import LOCAL, Stream, Text, parse
from rxconnect.services.files.notes import Notes
from rxconnect.services.readers.sheets import STRUCK, Cells, Sheet, row_number, write_table

Open = Callable[[str], Stream | None]

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LAST_COLUMN = 16_384


def is_workbook(members: Collection[str]) -> bool:
    """Whether an archive with these files is such a workbook."""
    return (
        "[Content_Types].xml" in members
        and any(member.startswith("xl/work") for member in members)
        and ("xl/workbook.bin" not in members)
    )


def convert(name: str, unpacked: Open, scratch: BinaryIO, notes: Notes) -> None:
    """Write the rows of the first sheet with a table. Raises `BadFile`."""
    is_1904, places = _read_workbook(name, unpacked)
    shared, (styles, marks) = _read_shared_texts(name, unpacked), _read_styles(name, unpacked, is_1904)
    sheets = (
        (title, _read_sheet(name, part, shared, styles, marks))
        for title, place in places
        if (part := unpacked(place)) is not None
    )
    write_table(name, sheets, scratch, notes)


def _read_workbook(name: str, unpacked: Open) -> tuple[bool, list[tuple[str, str]]]:
    """Whether days count from 1904, and each sheet's title and file, visible ones first."""
    sheets: list[tuple[bool, str, str]] = []
    files: dict[str, str] = {}
    is_1904 = False

    def start(element: str, given: dict[str, str]) -> None:
        nonlocal is_1904
        element = LOCAL[element]
        if element == "sheet":
            relation = next((value for key, value in given.items() if key.rpartition(":")[2] == "id"), "")
            sheets.append((given.get("state", "visible") != "visible", given.get("name", ""), relation))
        elif element == "workbookPr":
            is_1904 = given.get("date1904") in ("1", "true")
        elif element == "Relationship":
            target = given.get("Target", "")
            files[given.get("Id", "")] = target[1:] if target[:1] == "/" else posixpath.normpath(f"xl/{target}")

    for place in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        _read_part(name, unpacked, place, start)
    sheets.sort(key=lambda sheet: sheet[0])
    return is_1904, [(title, files.get(relation, "")) for _, title, relation in sheets]


def _read_part(name: str, unpacked: Open, place: str, start: Callable[[str, dict[str, str]], None]) -> None:
    if part := unpacked(place):
        for _ in parse(name, part, start, lambda _element: None, lambda _text: None):
            pass


def _read_styles(name: str, unpacked: Open, is_1904: bool) -> tuple[list[Shown], dict[str, str]]:
    """How each style of cells shows a number, and the marks of those that have one: a line through the text, or a colour."""
    codes: dict[int, str] = {}
    styles: list[int] = []
    looks: list[tuple[int, int]] = []
    struck, colours = [False], [""]
    inside = ""

    def start(element: str, given: dict[str, str]) -> None:
        nonlocal inside
        element = LOCAL[element]
        if element in ("cellXfs", "cellStyleXfs", "fonts", "fills", "dxfs"):
            inside = element
        elif inside in ("fonts", "fills"):
            _see_look(element, given, struck, colours)
        elif element == "numFmt":
            codes[int(given.get("numFmtId", "0"))] = given.get("formatCode", "")
        elif element == "xf" and inside == "cellXfs":
            styles.append(int(given.get("numFmtId", "0")))
            looks.append((int(given.get("fontId", "0")) + 1, int(given.get("fillId", "0")) + 1))

    _read_part(name, unpacked, "xl/styles.xml", start)
    shown = {
        number: number_formats.of_code(codes[number], is_1904)
        if number in codes
        else number_formats.built_in(number, is_1904)
        for number in {*styles}
    }
    marks = {
        str(place): STRUCK if font < len(struck) and struck[font] else colours[fill]
        for place, (font, fill) in enumerate(looks)
        if (font < len(struck) and struck[font]) or (fill < len(colours) and colours[fill])
    }
    return [shown[number] for number in styles], marks


def _see_look(element: str, given: dict[str, str], struck: list[bool], colours: list[str]) -> None:
    """Look at an element of the fonts or the fills. Both lists begin with what stands before the first of them."""
    if element == "font":
        struck.append(False)
    elif element == "strike":
        struck[-1] = given.get("val", "1") not in ("0", "false")
    elif element == "fill":
        colours.append("")
    elif element == "fgColor":
        colours[-1] = " ".join(f"{name}={value}" for name, value in sorted(given.items()))


def _read_shared_texts(name: str, unpacked: Open) -> list[str]:
    reader = _TextsReader()
    if part := unpacked("xl/sharedStrings.xml"):
        for _ in parse(name, part, reader.start, reader.end, reader.text.add):
            pass
    return reader.texts


class _TextsReader:
    """Collects the texts that sheets share in `texts`, without the pronunciation of Japanese ones."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.text = Text()
        self._is_phonetic = False

    def start(self, element: str, _given: dict[str, str]) -> None:
        """The beginning of an element."""
        element = LOCAL[element]
        if element == "si":
            self.text.begin()
        elif element == "t":
            self.text.is_wanted = not self._is_phonetic
        elif element == "rPh":
            self._is_phonetic = True

    def end(self, element: str) -> None:
        """The end of an element."""
        element = LOCAL[element]
        if element == "t":
            self.text.is_wanted = False
        elif element == "rPh":
            self._is_phonetic = False
        elif element == "si":
            self.texts.append(_unescaped(self.text.take()))


def _read_sheet(name: str, part: Stream, shared: list[str], styles: list[Shown], marks: dict[str, str]) -> Sheet:
    """The number and the cells of each row that has any."""
    reader = _SheetReader(shared, styles, marks)
    for _ in parse(name, part, reader.start, reader.end, reader.text.add):
        yield from reader.rows
        reader.rows.clear()


class _SheetReader:
    """Collects the finished rows of a sheet in `rows`."""

    def __init__(self, shared: list[str], styles: list[Shown], marks: dict[str, str]):
        self._shared, self._styles, self._marks = shared, styles, marks
        self.text = Text()
        self.rows: list[tuple[int, Cells]] = []
        self._row, self._column, self._cells = 0, -1, Cells()
        self._kind, self._style, self._is_phonetic = "", "", False

    def start(self, element: str, given: dict[str, str]) -> None:
        """The beginning of an element."""
        element = LOCAL[element]
        if element == "c":
            reference = given.get("r", "").rstrip("0123456789")
            self._column = _column_of(reference) if reference else self._column + 1
            if self._column >= _LAST_COLUMN:
                raise BadFile(
                    "The workbook is damaged: a row has more cells than a sheet has columns. Nothing was changed."
                )
            self._kind, self._style = given.get("t", "n"), given.get("s", "")
            self.text.begin()
        elif element in ("v", "t") and not self._is_phonetic:
            self.text.is_wanted = True
        elif element == "row":
            self._row = row_number(given.get("r", ""), self._row + 1)
            self._column, self._cells = -1, Cells()
        elif element == "rPh":
            self._is_phonetic = True

    def end(self, element: str) -> None:
        """The end of an element."""
        element = LOCAL[element]
        if element in ("v", "t"):
            self.text.is_wanted = False
        elif element == "c":
            if value := self._value(self.text.take()):
                self._cells.put(self._column, value)
                if self._style in self._marks:
                    self._cells.mark(self._column, self._marks[self._style])
        elif element == "row":
            self.rows.append((self._row, self._cells))
        elif element == "rPh":
            self._is_phonetic = False

    def _value(self, text: str) -> str:
        kind = self._kind
        if not text:
            return ""
        if kind == "s":
            return self._shared[int(text)]
        if kind == "n":
            return self._styles[int(self._style)](text) if self._style else number_formats.plain(text)
        if kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        if kind == "d":
            return text.removesuffix("T00:00:00").removesuffix("T00:00:00Z")
        return _unescaped(text)


def _column_of(letters: str, known: dict[str, int] = {}) -> int:  # noqa: B006 - a cache
    """The position of a column called `A`, `B`, … `XFD`."""
    if letters not in known:
        if not re.fullmatch(r"[A-Z]{1,3}", letters):
            raise BadFile("The workbook is damaged: a cell has no place. Nothing was changed.")
        place = 0
        for letter in letters:
            place = place * 26 + ord(letter) - 64
        known[letters] = place - 1
    return known[letters]


def _unescaped(text: str) -> str:
    """The text without Excel's way to write control characters (`_x000D_`)."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
