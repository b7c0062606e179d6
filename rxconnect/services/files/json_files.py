"""JSON lines: one object a line, with values of any kind as the texts of a row.

Values inside others become columns of their own: `name.first`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from rxconnect.domain.sentences import Sentence
from rxconnect.services.files import mojibake
from rxconnect.services.files.cells import without_entities
from rxconnect.services.files.rows import MOST_COLUMNS, ImportFile, Lines, Row

_DEEPEST = 4
# Numbers stay as they are written, so that no digit is lost.
decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
# A script that hands a document to a function or gives it a name: `google.visualization.Query.setResponse({…`, `var data = […`.
# Before it may stand what keeps a browser from running it.
SCRIPT = re.compile(
    r"(?:/\*.{0,200}?\*/|//[^\n]{0,200}\n|\)\]\}'|for ?\(;;\);|while ?\(1\);|['\"]use strict['\"];|\s)*+"
    r"(?:(?:(?:var|let|const)\s+)?[A-Za-z_$][\w.$]*(?:\[['\"]?\w+['\"]?\])?\s*(?:\(|=(?!=))\s*\(?\s*|(?<=\S)\s*)(?=[\[{])"
)
# Programs for maps and tables put the columns of a row into one object.
_ENVELOPES = ("properties", "attributes", "fields", "_source")

# What stands beside that object and says nothing of the row.
_OF_PROGRAMS = frozenset(["type", "id", "_id", "_index", "_type", "_score"])


class JsonFile(ImportFile):
    """A JSON-lines file. Its header is made of all names that occur in its objects."""

    def _read_column_names(self) -> list[str]:
        names: dict[str, None] = {}
        misread: dict[str, str] = {}
        for line in Lines(self.name, self._text, self._first, 0):
            values, fault = _json_object(line)
            names.update(dict.fromkeys(values))
            if len(names) > MOST_COLUMNS:
                break
            if "\\u00c" in line and not fault and len(misread) < 10:
                # Raw letters are repaired when the file is opened, but these were escaped.
                misread |= mojibake.misread_words(json.dumps(json.loads(line), ensure_ascii=False))
        if misread:
            self.notes.append(mojibake.note(misread))
        # The names of columns may be shortened later.
        self._names = list(names)
        return list(names)

    def rows(self) -> Iterator[Row]:
        """Every line that is not blank."""
        lines = Lines(self.name, self._text, self._first, 0)
        start = lines.start
        for line in lines:
            if line.strip():
                row = self._row_of_line(lines.number, start, lines.start - start, line)
                if row.fault and line.lstrip()[0] == "{" and line.rstrip()[-1] != "}":
                    self._refuse_cut_off(lines.number, lines.start)
                yield row
            start = lines.start

    def _parse_row(self, line: int, start: int, content: bytes) -> Row:
        return self._row_of_line(line, start, len(content), content.decode())

    def _row_of_line(self, number: int, start: int, size: int, line: str) -> Row:
        values, fault = _json_object(line)
        if "&" in line:
            values = {name: without_entities(text) for name, text in values.items()}
        return Row(number, [*(values.get(name, "") for name in self._names), ""], fault, start, size)


def flat(values: dict[str, Any]) -> dict[str, str]:
    """The texts by the names of their columns."""
    if all(type(value) is str for value in values.values()):
        # Most rows are flat already, and all that `readers.json_documents` wrote.
        return {name: value.strip() if value.isascii() else cell(value) for name, value in values.items()}
    found: dict[str, str] = {}
    _add_flat(found, values, "", 1)
    return found


def cell(value: object) -> str:
    """One value as text. A list of texts is joined by semicolons, as aliases are; other lists stay JSON."""
    if isinstance(value, str):
        return (value if value.isascii() else mojibake.repaired(value)).strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ";".join(map(cell, value))
    return json.dumps(value, ensure_ascii=False)


def without_envelope(values: dict[str, Any]) -> dict[str, Any]:
    """The object in which programs for maps put all columns of a row; else the values themselves."""
    inside = next((values[name] for name in _ENVELOPES if isinstance(values.get(name), dict)), None)
    is_envelope = inside is not None and not any(
        isinstance(value, str) and name not in _OF_PROGRAMS for name, value in values.items()
    )
    if inside is None or not is_envelope:
        return values
    # Programs for maps only count their rows here; others put the number beside the object.
    has_number = isinstance(values.get("id"), str) and values.get("type") != "Feature" and "id" not in inside
    return {"id": values["id"], **inside} if has_number else inside


def _json_object(line: str) -> tuple[dict[str, str], Sentence | None]:
    """The line's texts by name, and the problem with the line."""
    line = line.strip()
    if not line:
        return {}, None
    try:
        values = decoder.decode(line)
    except (ValueError, RecursionError):
        return {}, Sentence("is not a line of JSON")
    return (flat(values), None) if isinstance(values, dict) else ({}, Sentence("must be one JSON object"))


def _add_flat(found: dict[str, str], values: dict[str, Any], before: str, depth: int) -> None:
    for name, value in values.items():
        if isinstance(value, dict) and depth < _DEEPEST:
            _add_flat(found, value, f"{before}{name}.", depth + 1)
        else:
            found[f"{before}{name}"] = cell(value)
