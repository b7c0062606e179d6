"""JSON lines: one flat object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rxconnect.services.files.rows import MOST_COLUMNS, ImportFile, Lines, Row


class JsonFile(ImportFile):
    """A JSON-lines file. Its header is made of all names that occur in its objects."""

    def _read_column_names(self) -> list[str]:
        names: dict[str, None] = {}
        for line in Lines(self.name, self._text, self._first, 0):
            names.update(dict.fromkeys(_json_object(line)[0]))
            if len(names) > MOST_COLUMNS:
                break
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
        return Row(number, [*(values.get(name, "") for name in self.header), ""], fault, start, size)


def _json_object(line: str) -> tuple[dict[str, str], str]:
    """The line's texts by name, and the problem with the line, "" if there is none."""
    if not line.strip():
        return {}, ""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return {}, "is not a line of JSON"
    if not isinstance(values, dict) or not all(_is_cell(value) for value in values.values()):
        return {}, "must be one JSON object of texts and whole numbers"
    return {name: "" if value is None else str(value).strip() for name, value in values.items()}, ""


def _is_cell(value: object) -> bool:
    # To Python true and false are numbers.
    return isinstance(value, str | int | None) and not isinstance(value, bool)
