"""Runs in the process of `converter`: reads lists with a block of labels and values for each person, and writes JSON lines."""

from __future__ import annotations

import base64
import binascii
import io
import json
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, TextIO

from rxconnect.domain.errors import BadFile
from rxconnect.domain.sentences import Sentence
from rxconnect.services.documents.page_breaks import without_page_breaks
from rxconnect.services.files.labels import as_pair, is_numbered, is_rule, pairs_in
from rxconnect.services.files.rows import MOST_COLUMNS
from rxconnect.services.shapes.headers import meaning_of

_LONGEST_LINE, _LONGEST_VALUE = 64 * 1024, 32_767  # characters
_LONGEST_BLOCK = 10_000  # lines
_SAMPLE = 2_000  # events
_MOST_PASSED = 1_000_000  # lines
_NAMES = frozenset(["name", "last_name", "first_name", "given_names"])
_PERSON = _NAMES | {"number"}
# What address books and directories call a column.
_OF_DIRECTORIES = {"sn": "Last name", "bday": "Birth date", "fn": "Full name", "uid": "ID", "cn": "Full name"}
_NAME_OF_CARD = ("Last name", "First name", "Middle name", "", "Suffix")
# The label of a heading, which is the name of a person if the block names none.
HEADING = ""


class Event(NamedTuple):
    """A label with its value, a text without a label (`label` is None), or the end of a block (`is_end`)."""

    label: str | None
    value: str
    line: int
    is_end: bool = False


def convert(name: str, source: BinaryIO, scratch: BinaryIO, notes: list[Sentence]) -> str:
    """Write the people of a text, each on the line where its block begins. "text" if there are none, and nothing is written."""
    with (
        io.TextIOWrapper(source, encoding="utf-8-sig", newline="\n") as text,
        io.TextIOWrapper(scratch, encoding="utf-8", errors="replace", newline="") as written,
    ):
        records = Records(written)
        for event in _events(name, text):
            records.add(event)
        return records.finish(notes)


def _events(name: str, text: TextIO) -> Iterator[Event]:
    """The lines as events. One that is further right than the first label continues the line above."""
    indent, is_aligned = -1, False
    for number, written in without_page_breaks(_lines(name, text)):
        is_aligned = is_aligned or (number == 1 and is_numbered(written))
        line = as_pair(written) if is_aligned else written
        if is_rule(line.replace("\f", "")):
            yield Event(None, "", number, True)
        elif pairs := (
            pairs_in(line) if (depth := len(line) - len(line.lstrip())) <= max(indent, 0) or indent < 0 else []
        ):
            indent = depth if indent < 0 else indent
            for label, value in pairs:
                yield _decoded(line, label, value, number)
        else:
            yield Event(None, line, number)


def _lines(name: str, text: TextIO) -> Iterator[tuple[int, str]]:
    number = 0
    while line := text.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE:
            raise BadFile("{name} has a line that is too long to be part of a list, so nothing was changed.", name=name)
        yield number, line.rstrip("\r\n")


def _decoded(line: str, label: str, value: str, number: int) -> Event:
    """A pair, of which a directory writes the value in Base64 behind two colons."""
    if line.startswith(f"{label}::"):
        try:
            value = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            value = ""
    return Event(label, value, number, label.casefold() in ("begin", "end"))


class Records:
    """Puts labels and values together to people, and writes those that have a number or a name.

    The first events tell whether a blank line ends a block, or only the label with which every block begins.
    """

    def __init__(self, written: TextIO, *, keeps_lines: bool = True):
        self._written, self._keeps_lines = written, keeps_lines
        self._waiting: list[Event] | None = []
        self._leading: str | None = None
        self._blank_ends = True
        self._values: dict[str, str] = {}
        self._first = self._line = self._people = self._blocks = 0
        self._pending = ""
        self._passed: list[str] = []
        self._count_passed = 0
        self._labels: dict[str, str] = {}

    def add(self, event: Event) -> None:
        """Take the next event."""
        if self._waiting is None:
            self._take(event)
            return
        self._waiting.append(event)
        if len(self._waiting) >= _SAMPLE:
            self._learn()

    def finish(self, notes: list[Sentence]) -> str:
        """End the last block. Returns the form of what was written, "text" if that is nobody."""
        self._learn()
        self._end()
        self._written.flush()
        if not self._people:
            return "text"
        notes.append(
            Sentence(
                "The file has a block of labels for each person ({people}). Check the first people.",
                people=self._people,
            )
        )
        if self._count_passed:
            notes.append(
                Sentence.counted(
                    "{count} line without a label passed over, such as “{line}”.",
                    "{count} lines without a label passed over, such as “{line}”.",
                    self._count_passed,
                    line=self._passed[0][:60],
                )
            )
        return "jsonl"

    def _learn(self) -> None:
        events, self._waiting = self._waiting, None
        if events is None:
            return
        counts = Counter(event.label for event in events if event.label is not None and not event.is_end)
        self._leading = next((label for label, count in counts.items() if count > 1), next(iter(counts), None))
        blocks: list[set[str]] = [set()]
        for event in events:
            if event.is_end:
                blocks.append(set())
            elif event.label is not None:
                blocks[-1].add(self._field(event.label))
        people = [fields for fields in blocks if fields & _PERSON]
        # A block that tells a number without a name goes on after a blank line.
        self._blank_ends = all("number" in fields and fields & _NAMES for fields in people)
        for event in events:
            self._take(event)

    def _take(self, event: Event) -> None:
        label, value = event.label, event.value
        if event.is_end:
            if self._blank_ends or label is not None:
                self._end()
            self._pending = ""
        elif label is None:
            self._add_text(value)
        else:
            self._add_value(label, value, event.line)

    def _add_value(self, label: str, value: str, line: int) -> None:
        known = self._values.get(label)
        if known is not None and (label == self._leading or (value != known and self._field(label) in _PERSON)):
            self._end()
            known = None
        if not self._values:
            self._first = line
        self._values[label] = value if not known else known if not value or value == known else f"{known};{value}"
        self._pending = label
        is_long = line - self._first > _LONGEST_BLOCK or len(self._values) > MOST_COLUMNS
        if is_long or len(self._values[label]) > _LONGEST_VALUE:
            raise BadFile("A block is too long to be about one person, so nothing was changed.")

    def _add_text(self, text: str) -> None:
        """A text without a label: the value of the label above, its next line, or a remark."""
        label, plain = self._pending, " ".join(text.split())
        if label and label in self._values and (not self._values[label] or text[:1].isspace()):
            folded = "" if text[:1] == " " and text[1:2] != " " else " "
            self._values[label] = f"{self._values[label]}{folded}{plain}".strip()
            if len(self._values[label]) > _LONGEST_VALUE:
                raise BadFile("A value is too long to be part of a list, so nothing was changed.")
            return
        self._pass(plain)

    def _end(self) -> None:
        """Write the block, if it is about a person."""
        values, self._values, self._pending = self._values, {}, ""
        if not values:
            return
        heading = values.pop(HEADING, "")
        fields = {self._field(label) for label in values}
        if heading and not fields & _NAMES:
            values["Name"] = heading
        if fields & _PERSON:
            self._people += 1
        elif fields != {"housing"}:
            for label, value in values.items():
                self._pass(f"{label}: {value}")
            return
        row: dict[str, str] = {}
        for label, value in values.items():
            row |= _columns_of(label, value)
        padding = max(0, self._first - 1 - self._line) if self._keeps_lines else 0
        self._written.write("\n" * padding + json.dumps(row, ensure_ascii=False) + "\n")
        self._line += padding + 1

    def _pass(self, text: str) -> None:
        self._count_passed += 1
        if self._count_passed > _MOST_PASSED:
            raise BadFile("There are too many lines about nobody for a list of people, so nothing was changed.")
        if len(self._passed) < 1:
            self._passed.append(text)

    def _field(self, label: str) -> str:
        """The field of a label; "" for one that is about nothing of a person."""
        if label not in self._labels:
            if len(self._labels) > MOST_COLUMNS:
                raise BadFile("There are too many labels for a list of people, so nothing was changed.")
            name = next(iter(_columns_of(label, ";;")), label)
            meaning = meaning_of(name)
            self._labels[label] = meaning.field if meaning else ""
        return self._labels[label]


def _columns_of(label: str, value: str) -> dict[str, str]:
    """The columns of a value: one, or several for the name on a card."""
    plain = label.casefold().removeprefix("x-")
    if plain == "n" and ";" in value:
        parts = zip(_NAME_OF_CARD, value.split(";"), strict=False)
        return {name: part.strip() for name, part in parts if name}
    return {_OF_DIRECTORIES.get(plain, label.removeprefix("X-")): value}
