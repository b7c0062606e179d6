"""Runs in the process of `converter`: finds the list in a JSON document, and writes it as JSON lines.

The document is read value by value, so its size does not matter. The line of a row is its place in the list.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, BinaryIO, NoReturn, TextIO

from rxconnect.domain.errors import BadFile
from rxconnect.domain.inmates import Custody
from rxconnect.domain.sentences import Sentence
from rxconnect.services.documents.json_columns import ColumnNames, Names, may_be_names, row_of, rows_by_column
from rxconnect.services.documents.lengths import Length
from rxconnect.services.files.columns import without_table
from rxconnect.services.files.json_files import SCRIPT, cell, decoder, flat, without_envelope
from rxconnect.services.files.notes import Notes
from rxconnect.services.shapes.headers import lists_people, names_people
from rxconnect.services.shapes.sections import section_of

_CHUNK = 256 * 1024
_LONGEST_VALUE, _LONGEST_ROW = 8 * 1024**2, 512 * 1024  # characters
_DEEPEST = 8
# So many rows of a list, and values outside of lists, show whether people stand inside other things.
_LOOKED_INTO, _LOOKED_AT = 200, 2_000
# A document whose rows stand by column is in memory as a whole.
_LARGEST_BY_COLUMN = 24 * 1024**2  # characters
# Socrata's `rows.json` describes its table here, with many lists of other things.
_DESCRIPTION = "meta.view"
# What stands around the document in a script: a call or a name, and signs against being run.
_LONGEST_SCRIPT = 1_000  # characters
_END_OF_SCRIPT = re.compile(r"[\s);]*")


# A list that wraps others, as the answers of reporting services do: `{"results": [{"tables": [{"rows": [{…}]}]}]}`.
_LONGEST_WRAPPER = 200  # characters
_WRAPPER = re.compile(
    r'\[\s*\{\s*(?:"(?:id|name|refId|schema|kind)"\s*:\s*"[^"]{0,60}"\s*,\s*)?"(?:tables|rows|columns)"\s*:\s*\['
)


class _NamesMayFollow(Exception):
    """The rows are lists, and the names of their columns may stand below them."""


def convert(name: str, source: BinaryIO, scratch: BinaryIO, notes: Notes) -> str:
    """Write the list's rows. Raises `BadFile`."""
    with (
        io.TextIOWrapper(source, encoding="utf-8-sig") as text,
        io.TextIOWrapper(scratch, encoding="utf-8", errors="replace", newline="") as written,
    ):
        names = ColumnNames()
        try:
            return _Document(name, text, written, notes, names).convert()
        except _NamesMayFollow:
            _again(text, written)
            _Document(name, text, written, notes, names).find_names()
            _again(text, written)
            return _Document(name, text, written, notes, names).convert()


def _again(text: TextIO, written: TextIO) -> None:
    text.seek(0)
    written.seek(0)
    written.truncate()


class _Document:
    """Walks through one document. `columns` are the names of columns that were found in it, apart from the rows."""

    def __init__(self, name: str, text: TextIO, written: TextIO, notes: Notes, columns: ColumnNames):
        self._name, self._text, self._written, self._notes = name, text, written, notes
        self._columns, self._only_names = columns, False
        self._buffer, self._at = "", 0
        self._list, self._form = "", ""
        self._lists_people, self._others = False, list[str]()
        # The lists whose rows are people, and those with people inside their rows.
        self._of_people, self._around_people = set[str](), list[str]()
        self._places = list[str]()
        self._is_script = False
        self._length, self._rows = Length(), 0

    def convert(self) -> str:
        """Find and write the list. Returns its form, `jsonl` or `csv`."""
        self._pass_script()
        try:
            self._walk("", 0)
        except RecursionError:
            raise BadFile(
                "{name} is nested too deeply to be a table, so nothing was changed.", name=self._name
            ) from None
        if self._is_script:
            self._at = _END_OF_SCRIPT.match(self._buffer, self._at).end()  # type: ignore[union-attr]
        if self._peek():
            self._refuse(Sentence("There is more after its end"))
        if not self._form and not self._write_by_column():
            raise BadFile(
                "{name} is JSON without a list of objects, so nothing was changed; save it with one object for each "
                "person, or as CSV.",
                name=self._name,
            )
        self._refuse_people_elsewhere()
        if self._others:
            self._notes.append(
                Sentence(
                    "Only the list {list} was read, which holds people, and not {others}.",
                    list=self._list,
                    others=[*map(_last, self._others)],
                )
            )
        if doubt := self._length.doubt(self._rows):
            self._notes.doubts.append(doubt)
        return self._form

    def find_names(self) -> None:
        """Only look for the names of columns."""
        self._only_names = True
        self._pass_script()
        self._walk("", 0)
        self._columns.are_complete = True

    def _pass_script(self) -> None:
        """Pass over the beginning of a script around the document: `callback(` or `var data =`."""
        self._peek()
        if found := SCRIPT.match(self._buffer, self._at, self._at + _LONGEST_SCRIPT):
            self._is_script, self._at = True, found.end()

    def _walk(self, where: str, depth: int) -> None:
        """Read one value, and write it if it is the list. `where` are the names under which it stands."""
        sign = self._peek()
        if sign == "{" and where == _DESCRIPTION:
            self._columns.add(f"{where}.columns", self._value().get("columns"))
        elif sign == "[" and may_be_names(where):
            items = self._value()
            if not self._columns.add(where, items):
                self._walk_list(where, iter(items))
        elif sign == "[" and depth < _DEEPEST and self._is_wrapper():
            self._take("[")
            while self._peek() != "]":
                self._walk(where, depth + 1)
                if self._peek() != "]":
                    self._take(",")
            self._take("]")
        elif sign == "[":
            self._walk_list(where or "it", self._items())
        elif sign == "{" and depth < _DEEPEST:
            for name in self._names():
                self._walk(f"{where}.{name}" if where else name, depth + 1)
        else:
            self._see(where, self._value())

    def _see(self, where: str, value: object) -> None:
        """Look at a value outside of lists."""
        self._length.see(where, value)
        if len(self._places) < _LOOKED_AT:
            self._places.append(where)

    def _is_wrapper(self) -> bool:
        """Whether the list that begins here holds the list of rows, and is none itself."""
        if len(self._buffer) - self._at < _LONGEST_WRAPPER:
            self._fill()
        return _WRAPPER.match(self._buffer, self._at) is not None

    def _names(self) -> Iterator[str]:
        """The names in an object. The caller reads each value."""
        self._take("{")
        while self._peek() != "}":
            name = self._value()
            if not isinstance(name, str):
                self._refuse(Sentence("A name is missing"))
            self._take(":")
            yield name
            if self._peek() != "}":
                self._take(",")
        self._take("}")

    def _items(self) -> Iterator[Any]:
        self._take("[")
        while self._peek() != "]":
            yield self._value()
            if self._peek() != "]":
                self._take(",")
        self._take("]")

    def _walk_list(self, where: str, items: Iterator[Any]) -> None:
        rows = self._looked_into(where, map(row_of, items))
        first = next(rows, None)
        if self._only_names or not isinstance(first, dict | list) or not first:
            for _ in rows:
                pass
            return
        names = self._names_of(where, first) if isinstance(first, list) else []
        if not self._is_better(where, first, names):
            for _ in rows:
                pass
            return
        self._write_heading(where, is_first=not self._form)
        self._list, self._form = where, "jsonl" if isinstance(first, dict) else "csv"
        rows = chain([first], rows)
        if isinstance(first, dict):
            self._write_objects(rows)
        else:
            self._write_lists(names, (row for row in rows if isinstance(row, list)))

    def _looked_into(self, where: str, rows: Iterator[Any]) -> Iterator[Any]:
        """The rows of a list, of which the first ones show whether there are people inside."""
        is_found = False
        for number, row in enumerate(rows):
            if number < _LOOKED_INTO and not is_found and (is_found := _holds_people(row)):
                self._around_people.append(where)
            yield row

    def _refuse_people_elsewhere(self) -> None:
        """Raise `BadFile` if the list that was read is not the only place with people. The others would count as missing."""
        places = [where for where in self._around_people if where not in self._of_people]
        places += [where for where in _objects_of_people(self._places) if where not in places]
        if self._lists_people and places:
            raise BadFile(
                "{name} has people in the list {list}, and more people inside {places}, where they cannot be read, so nothing "
                "was changed. Ask for one list of everybody with one object for each person, or for CSV.",
                name=self._name,
                list=_last(self._list),
                places=[*map(_last, places[:3])],
            )

    def _names_of(self, where: str, first: list[Any]) -> Names:
        """The names of the columns of these rows, if they stand elsewhere in the document."""
        if where != "it" and not self._columns.are_complete and not self._columns.are_beside(where, len(first)):
            raise _NamesMayFollow
        return self._columns.of(where, len(first))

    def _is_better(self, where: str, first: dict[str, Any] | list[Any], names: Names) -> bool:
        """Whether to take this list, and not the one before. Raises `BadFile` unless one of two is about people."""
        header: Iterable[str] = (
            [*map(_bare, flat(without_envelope(first)))]
            if isinstance(first, dict)
            else filter(None, names)
            if names
            else map(cell, first)
        )
        header = [*header]
        is_people = lists_people(header) or (section_of(_last(where)) is not None and names_people(header))
        if is_people:
            self._of_people.add(where)
        if is_people and self._lists_people and self._are_parts(where, first):
            return True
        if self._form and is_people == self._lists_people:
            lists = [*map(_last, (self._list, where))]
            raise BadFile(
                "{name} holds several lists ({lists}); send the one of people alone.", name=self._name, lists=lists
            )
        if self._form:
            self._others.append(self._list if is_people else where)
        if self._form and is_people:
            self._written.seek(0)
            self._written.truncate()
            self._rows = 0
        if is_people or not self._form:
            self._lists_people = is_people
            return True
        return False

    def _are_parts(self, where: str, first: object) -> bool:
        """Whether this list and the one before are parts of one: the names of both say whether their people are in custody."""
        form = "jsonl" if isinstance(first, dict) else "csv"
        return form == self._form and all(section_of(_last(path)) for path in (self._list, where))

    def _write_heading(self, where: str, *, is_first: bool) -> None:
        """Write the name of a list as a heading, if it says that its people have left, or ends a list of such people."""
        status = section_of(_last(where))
        if status is None or (is_first and status is Custody.HELD):
            return
        self._written.write(f"{json.dumps({'': _last(where)})}\n" if self._form != "csv" else f'"{_last(where)}"\n')

    def _write_lists(self, names: Names, rows: Iterator[list[Any]]) -> None:
        writer = csv.writer(self._written, lineterminator="\n")
        if names:
            writer.writerow([name for name in names if name])
            rows = ([*(one for name, one in zip(names, row, strict=False) if name), *row[len(names) :]] for row in rows)
        for row in rows:
            writer.writerow([" ".join(cell(one).split()) for one in row])
            self._rows += 1

    def _write_by_column(self) -> bool:
        """Write the rows of a document that has one list, or one object, for each column. Returns whether it is one."""
        self._text.seek(0)
        whole = self._text.read(_LARGEST_BY_COLUMN)
        if len(whole) == _LARGEST_BY_COLUMN:
            return False
        rows = rows_by_column(decoder.decode(whole.strip()))
        self._form = "jsonl" if rows else ""
        self._write_objects(iter(rows))
        return bool(rows)

    def _write_objects(self, rows: Iterator[Any]) -> None:
        for number, row in enumerate(rows, 1):
            line = json.dumps(flat(without_envelope(row)) if isinstance(row, dict) else row, ensure_ascii=False)
            if len(line) > _LONGEST_ROW:
                raise BadFile(
                    "Row {number} of {name} is too long to be a row, so nothing was changed.",
                    number=number,
                    name=self._name,
                )
            self._written.write(line)
            self._written.write("\n")
            self._rows += 1

    def _peek(self) -> str:
        """The next sign that is not blank; "" at the end."""
        while True:
            while self._at < len(self._buffer):
                if (sign := self._buffer[self._at]) not in " \t\r\n":
                    return sign
                self._at += 1
            if not self._fill():
                return ""

    def _take(self, sign: str) -> None:
        if self._peek() != sign:
            self._refuse(Sentence("“{sign}” was expected", sign=sign))
        self._at += 1

    def _value(self) -> Any:
        """The next value as a whole."""
        self._peek()
        while True:
            try:
                value, end = decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError:
                if not self._fill():
                    self._refuse(Sentence("A value is wrong or breaks off"))
                continue
            # A number at the end of the buffer may go on.
            if end < len(self._buffer) or not self._fill():
                self._at = end
                return value

    def _fill(self) -> bool:
        """Read more, twice as much each time. Returns whether there was more."""
        rest = self._buffer[self._at :]
        if len(rest) > _LONGEST_VALUE:
            raise BadFile("{name} has a value that is too long for a row, so nothing was changed.", name=self._name)
        more = self._text.read(max(_CHUNK, len(rest)))
        if more:
            self._buffer, self._at = rest + more, 0
        return bool(more)

    def _refuse(self, why: Sentence) -> NoReturn:
        if self._is_script:
            raise BadFile(
                "{name} is a script, and what is in it is not plain JSON, so nothing was changed. Ask for the list "
                "as JSON or CSV.",
                name=self._name,
            )
        raise BadFile(
            "{name} is not valid JSON, so nothing was changed. {why}; perhaps it is cut off.", name=self._name, why=why
        )


def _holds_people(value: object) -> bool:
    """Whether a list somewhere inside this value is one of people: `{"cells": [{"bunks": [{"inmate": {…}}]}]}`."""
    if isinstance(value, dict):
        return any(map(_holds_people, value.values()))
    if not isinstance(value, list):
        return False
    objects = [one for one in value if isinstance(one, dict)]
    return any(lists_people(map(_bare, flat(one))) or _holds_people(one) for one in objects)


def _objects_of_people(places: Iterable[str]) -> list[str]:
    """The objects that hold people under their numbers: `{"inmates": {"0041": {…}, "0042": {…}}}`.

    `places` are where values stand. Two people have the same names of columns, which one object that holds others need not have.
    """
    columns: dict[str, list[str]] = {}
    for place in places:
        for dot in re.finditer(r"\.", place):
            columns.setdefault(place[: dot.start()], []).append(place[dot.end() :])
    alike = Counter(
        (where.rpartition(".")[0], *names) for where, names in columns.items() if lists_people(map(_bare, names))
    )
    return [where or "it" for (where, *_), count in alike.items() if count > 1]


def _bare(column: str) -> str:
    return without_table(column)[1]


def _last(path: str) -> str:
    return path.rpartition(".")[2]
