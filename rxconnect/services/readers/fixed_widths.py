"""Runs in the process of `converter`: reads text whose columns stand at fixed places (`files.layouts`), page by page."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, TextIO

from rxconnect.domain.errors import BadFile
from rxconnect.domain.sentences import Sentence
from rxconnect.services.files import layouts
from rxconnect.services.files.layouts import LOOKED_AT, Layout
from rxconnect.services.files.unnamed_layouts import fixed_layout_of, may_be_row
from rxconnect.services.shapes.headers import names_people
from rxconnect.services.shapes.sections import section_of
from rxconnect.services.shapes.units import unit_in_heading

_LONGEST_LINE = 64 * 1024  # characters
# A shorter number in front of a line counts something.
_SHORTEST_NUMBER, _FEWEST_CELLS = 4, 3


def convert(name: str, source: BinaryIO, scratch: BinaryIO, notes: list[Sentence]) -> str:
    """Write the rows of every page, each on its own line: `rows` if they have no header. Raises `BadFile`.

    "text" if the columns stand at no fixed places, and nothing is written.
    """
    layout = fixed_layout_of(source.read(LOOKED_AT))
    if layout is None:
        return "text"
    source.seek(0)
    with (
        io.TextIOWrapper(source, encoding="utf-8-sig", newline="\n") as text,
        io.TextIOWrapper(scratch, encoding="utf-8", newline="") as written,
    ):
        passed = _write(name, layout, text, written)
    notes.append(
        Sentence("The text has no delimiters, so it was parted where its columns stand. Check the first people.")
    )
    if passed:
        notes.append(
            Sentence.counted(
                "{count} line between the rows passed over, such as “{line}”.",
                "{count} lines between the rows passed over, such as “{line}”.",
                len(passed),
                line=passed[0][:60],
            )
        )
    return "csv" if layout.names else "rows"


def _write(name: str, layout: Layout, text: TextIO, written: TextIO) -> list[str]:
    """Write the table, and blank lines for what is none of it. Returns the lines that are no rows and no headings."""
    writer = csv.writer(written, lineterminator="\n")
    lines = _lines(name, text, layout.length)
    headings = {""}
    for place, line in enumerate(islice(lines, layout.last + 1)):
        if not unit_in_heading(" ".join(line.split())):
            headings.add(layouts.shape_of(line))
        if place == layout.last:
            writer.writerow(layout.names)
        elif place < layout.first and line:
            writer.writerow([" ".join(line.split())])
        else:
            written.write("\n")
    passed, waiting = list[str](), deque[str]()
    while waiting or (waiting := deque(islice(lines, 1))):
        line = waiting.popleft()
        if further := _further_layout(line, layout, waiting, lines):
            layout = further
            headings.add(layouts.shape_of(line))
            writer.writerow(layout.names)
            continue
        cells = None if layouts.is_ruler(line) or layouts.shape_of(line) in headings else _cells(line, layout)
        if cells is None:
            written.write("\n")
        elif not cells:
            passed.append(line.strip())
            written.write("\n")
        else:
            writer.writerow(cells)
    return passed


def _further_layout(line: str, layout: Layout, waiting: deque[str], lines: Iterator[str]) -> Layout | None:
    """The layout of another table, if this line is its header. The lines below it are looked at, and wait to be read."""
    if not layouts.is_further_header(line, layout) or not names_people(layouts.runs_of(line)):
        return None
    waiting.extend(islice(lines, max(0, layouts.LINES_AFTER - len(waiting))))
    further = layouts.layout_of([line, *waiting])
    return further if further and further.first == 0 else None


def _cells(line: str, layout: Layout) -> list[str]:
    """The cells of a line; one cell for a line that begins in front and is no row, and none for a remark further right.

    A row whose text reaches into the next column gets a cell too many, so that nobody is stored under half a name.
    """
    cells, words = layouts.cells_of(line, layout.starts), line.split()
    if not layout.names and not (any(cells[1:]) and may_be_row(line, layout.edges)):
        text = " ".join(words)
        return [text] if section_of(text) or unit_in_heading(text) else []
    if layouts.fits(line, layout.starts, layout.touching):
        return cells
    is_numbered = words[0][0].isdecimal() and len(words[0]) >= _SHORTEST_NUMBER
    if is_numbered or len(layouts.runs_of(line)) >= _FEWEST_CELLS:
        return [*cells, "text that reaches into the next column"]
    text = " ".join(words)
    return [text] if cells[0] or section_of(text) else []


def _lines(name: str, text: TextIO, length: int) -> Iterator[str]:
    while line := text.read(length) if length else text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise BadFile("{name} has a line that is too long to be a row, so nothing was changed.", name=name)
        yield layouts.printed(line)
