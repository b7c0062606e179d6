"""Runs in the process of `converter`: reads CSV whose rows repeat the labels of a form, as programs for reports export it.

The values stand each behind its label (`Inmate:`, `LEE, ANN`, `Booking #:`, `1`), or all of them behind all labels.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO, NamedTuple

from rxconnect.domain.errors import BadFile
from rxconnect.domain.sentences import Sentence
from rxconnect.services.files.csv_files import first_rows, guess_delimiter, unreadable
from rxconnect.services.files.labels import of_usual_width
from rxconnect.services.files.layouts import LOOKED_AT
from rxconnect.services.shapes.headers import meaning_of

_LONGEST_ROW = 1024**2  # characters
_SHARE = 0.9
_NAMES = ("name", "last_name", "first_name", "given_names")


class _Form(NamedTuple):
    """The labels by their place, and how far behind each its value stands."""

    labels: dict[int, str]
    shift: int


def convert(name: str, source: BinaryIO, scratch: BinaryIO, notes: list[Sentence]) -> str:
    """Write the values of each row under their labels. "text" if no labels are repeated, and nothing is written."""
    beginning = source.read(LOOKED_AT)
    form, delimiter = _form_of(first_rows(beginning)), guess_delimiter(beginning)
    if form is None:
        return "text"
    source.seek(0)
    with (
        io.TextIOWrapper(source, encoding="utf-8-sig", newline="") as text,
        io.TextIOWrapper(scratch, encoding="utf-8", errors="replace", newline="") as written,
    ):
        reader, line = csv.reader(_lines(name, text), delimiter=delimiter, strict=True), 0
        try:
            for row in reader:
                first, line = line + 1, reader.line_num
                values = _values(row, form)
                written.write(json.dumps(values, ensure_ascii=False) if values else "")
                written.write("\n" * (line - first + 1))
        except csv.Error:
            raise unreadable(line + 1) from None
    labels = [*islice(form.labels.values(), 5)]
    notes.append(
        Sentence("Each row repeats the names of its columns: {labels}. Check the first people.", labels=labels)
    )
    return "jsonl"


def _lines(name: str, text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(_LONGEST_ROW):
        if len(line) == _LONGEST_ROW:
            raise BadFile("{name} has a line that is too long to be a row, so nothing was changed.", name=name)
        yield line


def _form_of(rows: Sequence[Sequence[str]]) -> _Form | None:
    """The labels that these rows have in the same places; None if they are not those of people."""
    rows = of_usual_width(rows)
    width = len(rows[0]) if rows else 0
    same = {place: rows[0][place] for place in range(width) if _is_label(rows, place)}
    known = [place for place, label in same.items() if label.endswith(":") or meaning_of(label)]
    for shift in range(1, width):
        labels = _labels(same, known, shift, width)
        fields = {meaning.field for label in labels.values() if (meaning := meaning_of(label))}
        if "number" in fields and not fields.isdisjoint(_NAMES) and _fit(rows, labels, shift):
            return _Form(labels, shift)
    return None


def _is_label(rows: Sequence[Sequence[str]], place: int) -> bool:
    label = rows[0][place]
    is_word = any(map(str.isalpha, label)) and not any(map(str.isdigit, label))
    return is_word and sum(row[place] == label for row in rows) >= _SHARE * len(rows)


def _labels(same: dict[int, str], known: Sequence[int], shift: int, width: int) -> dict[int, str]:
    """The labels with a value so far behind them, where no other label stands."""
    first, last = min(known, default=0), max(known, default=-1)
    places = [place for place in same if first <= place <= last and place + shift < width]
    return {place: same[place].rstrip(": ") for place in places if place + shift not in known}


def _fit(rows: Sequence[Sequence[str]], labels: dict[int, str], shift: int) -> bool:
    """Whether numbers stand where a number should, another in most rows, and words where a name should."""
    for place, label in labels.items():
        field, cells = (meaning_of(label) or ("",))[0], [row[place + shift] for row in rows]
        with_digit = sum(any(map(str.isdigit, cell)) for cell in cells)
        if field == "number" and (with_digit < _SHARE * len(rows) or len({*cells}) < 2):
            return False
        if field in _NAMES and (with_digit > (1 - _SHARE) * len(rows) or len({*cells}) < 2):
            return False
    return True


def _values(row: Sequence[str], form: _Form) -> dict[str, str]:
    """The values of a row by label; none if it does not have these labels, as a total has not."""
    cells = [cell.strip() for cell in row]
    if not all(place < len(cells) and cells[place].rstrip(": ") == label for place, label in form.labels.items()):
        return {"": text} if (text := " ".join(filter(None, cells))) else {}
    return {label: cells[place + form.shift] for place, label in form.labels.items() if place + form.shift < len(cells)}
