"""Runs in the process of `converter`: finds the people in an XML document (`xml_trees`), and writes them as JSON lines.

The document is read twice, piece by piece, so its size does not matter. The line of a person is their place in the list.
"""

from __future__ import annotations

import io
import json
from typing import BinaryIO

from rxconnect.domain.errors import BadFile
from rxconnect.domain.inmates import Custody
from rxconnect.services.documents.lengths import Length
from rxconnect.services.documents.xml_parts import LOCAL, parse
from rxconnect.services.documents.xml_trees import Element, People, Tree, own_attributes
from rxconnect.services.files.kinds import SAVE_AS_CSV
from rxconnect.services.files.notes import Notes
from rxconnect.services.readers import xml_workbooks
from rxconnect.services.shapes.sections import section_of

_LONGEST_VALUE, _LONGEST_ROW = 32_767, 512 * 1024  # characters
# A workbook of 2003 is XML as well.
_WORKBOOK = "Workbook"


def convert(name: str, source: BinaryIO, scratch: BinaryIO, notes: Notes) -> str:
    """Write the people. Raises `BadFile` when the document holds none."""
    tree = Tree(name)
    for _ in parse(name, source, tree.start, tree.end, tree.text, encoding="utf-8"):
        pass
    if _WORKBOOK in tree.document.below:
        source.seek(0)
        return xml_workbooks.convert(name, source, scratch, notes)
    people = tree.people()
    if not people:
        raise BadFile("{name} is XML, not a table; open it in a spreadsheet, {save}", name=name, save=SAVE_AS_CSV)
    rows = _Rows(name, tree.document, people)
    source.seek(0)
    with io.TextIOWrapper(scratch, encoding="utf-8", errors="replace", newline="") as written:
        for _ in parse(name, source, rows.start, rows.end, rows.text, encoding="utf-8"):
            written.writelines(rows.lines)
            rows.lines.clear()
    if doubt := rows.length.doubt(rows.count):
        notes.doubts.append(doubt)
    return "jsonl"


class _Rows:
    """Makes a line of each record, in `lines`. What an element around a group of records says belongs to each of them."""

    def __init__(self, name: str, document: Element, people: list[People]):
        self.lines: list[str] = []
        self.count, self.length = 0, Length()
        self._name, self._document = name, document
        self._people = {group.record: group for group in people}
        self._groups = {element for group in people for element in [*group.record.around][1:-2]}
        self._columns = {element: column for group in people for element, column in group.columns.items()}
        self._row: dict[str, str] = {}
        self._around: dict[Element, str] = {}
        self._open, self._texts = [document], [list[str]()]
        self._section = ""

    def start(self, tag: str, given: dict[str, str]) -> None:
        """The beginning of an element."""
        element = self._open[-1].below[LOCAL[tag]]
        self._open.append(element)
        self._texts.append([])
        if element in self._people:
            self._row = {}
        for attribute, value in own_attributes(given):
            if value.strip():
                self._put(element.below[attribute], value)

    def text(self, text: str) -> None:
        """A piece of text."""
        self._texts[-1].append(text)

    def end(self, _tag: str) -> None:
        """The end of an element."""
        element, texts = self._open.pop(), self._texts.pop()
        if element.has_text and (text := "".join(texts).strip()):
            self._put(element, text)
        if self._texts[-1]:
            self._texts[-1].append(" ")  # two texts with a line break between them
        if group := self._people.get(element):
            self._write(group)
        elif element in self._groups:
            self._around = {inner: text for inner, text in self._around.items() if inner.above is not element}

    def _put(self, element: Element, text: str) -> None:
        text = " ".join(text.split())
        if len(text) > _LONGEST_VALUE:
            text = ""
        column = self._columns.get(element)
        if column is not None:
            known = self._row.get(column)
            self._row[column] = f"{known};{text}" if known and known != text else text
        elif element.above in self._groups:
            self._around[element] = text
        else:
            self.length.see(element.path(self._document), text)

    def _write(self, group: People) -> None:
        if group.section != self._section:
            is_first = not self._section and section_of(group.section) is Custody.HELD
            self.lines += [] if is_first else [f"{json.dumps({'': group.section})}\n"]
            self._section = group.section
        around = {
            f"{element.above.name}.{element.name}": text for element, text in self._around.items() if element.above
        }
        line = json.dumps(around | self._row, ensure_ascii=False)
        if len(line) > _LONGEST_ROW:
            raise BadFile(
                "Row {number} of {name} is too long to be a row, so nothing was changed.",
                number=self.count + 1,
                name=self._name,
            )
        self.lines.append(f"{line}\n")
        self.count += 1
