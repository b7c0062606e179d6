"""JSON lines: one object a line, with values of any kind (`json_values`)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rxconnect.domain.sentences import Sentence
from rxconnect.services.files import mojibake
from rxconnect.services.files.cells import without_entities
from rxconnect.services.files.json_values import decoder, flat
from rxconnect.services.files.rows import MOST_COLUMNS, ImportFile, Lines, Row


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
