"""TOML files that people write by hand: their content, and a sentence with its line about what is wrong in one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, NoReturn

from rxconnect.domain.text import one_line
from rxconnect.i18n import _

_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
# The most characters of a wrong value that a sentence repeats.
_TOLD = 60
# The line of each key, by the number of its `[[table]]` (0 outside of them) and its name ("" for the header).
_Lines = dict[tuple[int, str], int]


class UnusableFile(Exception):
    """A file cannot be used. `sentence` says what is wrong in line number `line` (from 1)."""

    def __init__(self, line: int, sentence: str):
        super().__init__(f"line {line}: {sentence}")
        self.line, self.sentence = line, sentence


class TomlTable:
    """A table of a file. Each method raises `UnusableFile` for the first problem, with the line of the key."""

    def __init__(self, values: Mapping[str, Any], lines: _Lines, number: int = 0):
        self.values, self._lines, self._number = values, lines, number

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def require_known(self, names: Iterable[str]) -> None:
        """Refuse keys that are not among `names`."""
        names = list(names)
        for key in self.values:
            if key not in names:
                self.fail(key, unknown_value_sentence(_("The key"), key, names))

    def text(self, key: str, *, most: int) -> str:
        """A text as it is written, which may have several lines and at most so many characters."""
        return self._short_enough(key, self._text(key).strip(), most)

    def sentence(self, key: str, *, most: int) -> str:
        """A text on one line."""
        return self._short_enough(key, one_line(self._text(key)), most)

    def one_of(self, key: str, known: Iterable[str], default: str | None = None) -> str:
        """One of the `known` values; the `default`, if there is one, for a missing key."""
        value = self.values.get(key, default)
        if not isinstance(value, str) or (key in self and value not in known):
            self.fail(key, unknown_value_sentence(key, value, known))
        return value

    def fail(self, key: str, sentence: str) -> NoReturn:
        """Refuse the file because of a key."""
        raise UnusableFile(self.line_of(key), sentence)

    def line_of(self, key: str) -> int:
        """The line of a key, or the first line of its table if the key is missing."""
        return self._lines.get((self._number, key), self._lines.get((self._number, ""), 1))

    def _text(self, key: str) -> str:
        value = self.values.get(key)
        if not isinstance(value, str) or not one_line(value):
            self.fail(key, _("{key} must be a text, in quotation marks.").format(key=key))
        return value

    def _short_enough(self, key: str, text: str, most: int) -> str:
        if len(text) > most:
            over = _("{key} has {length} characters; at most {most} fit.")
            self.fail(key, over.format(key=key, length=len(text), most=most))
        return text


class TomlFile(TomlTable):
    """A whole file: the table of what stands before its `[[tables]]`, whose names must be given."""

    def __init__(self, text: str, *tables: str):
        self._lines_of_tables = {name: _lines_of_keys(text, name) for name in tables}
        super().__init__(_parse(text), self._lines_of_tables[tables[-1]])

    def tables(self, name: str, *, least: int = 0, most: int) -> list[TomlTable]:
        """The tables `[[name]]`, of which there must be `least` to `most`."""
        tables = self.values.get(name, [])
        if not isinstance(tables, list) or len(tables) < least or not all(isinstance(one, dict) for one in tables):
            text = _("Write at least one table under [[{name}]], and each as a table of its own.")
            self.fail(name, text.format(name=name))
        # A table that is written in one line has no header.
        headers = {(number, ""): self.line_of(name) for number in range(1, len(tables) + 1)}
        lines = headers | self._lines_of_tables[name]
        made = [TomlTable(table, lines, number) for number, table in enumerate(tables, start=1)]
        if len(made) > most:
            text = _("There are at most {most} tables under [[{name}]].")
            made[most].fail("", text.format(most=most, name=name))
        return made


def unknown_value_sentence(name: str, value: object, known: Iterable[str]) -> str:
    """A sentence about an unknown value. It suggests the closest known value, or lists all of them."""
    names = sorted(known)
    if meant := get_close_matches(str(value)[:_TOLD], names, n=1):
        return _("{name} cannot be “{value}”. Did you mean “{meant}”?").format(name=name, value=value, meant=meant[0])
    if value is None:
        return _("{name} is missing. It is one of: {known}.").format(name=name, known=", ".join(names))
    return _("{name} cannot be “{value}”. It is one of: {known}.").format(
        name=name, value=str(value)[:_TOLD], known=", ".join(names)
    )


def _parse(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise UnusableFile(1, _("This is nested too deeply.")) from None
    except ValueError as error:
        # Mostly this is a `TOMLDecodeError`, but Python itself refuses a number of thousands of digits.
        reason = str(error)
        found = _AT_LINE.search(reason)
        line = int(found[1]) if found and found[1] else (text.count("\n", 0, len(text.rstrip())) + 1 if found else 1)
        told = _("This is not TOML, the format of this file: {reason}.")
        raise UnusableFile(line, told.format(reason=_AT_LINE.sub("", reason))) from None


def _lines_of_keys(text: str, table: str) -> _Lines:
    pattern = re.compile(rf"\s*(?:(\[\[\s*{table}\s*\]\])|([A-Za-z_-]+)\s*=)")
    lines: _Lines = {}
    place, is_inside = 0, False
    for number, line in enumerate(text.splitlines(), start=1):
        if not is_inside and (match := pattern.match(line)):
            place += bool(match[1])
            # The first one counts: keys of other tables that follow the last of these are found again as keys of that one.
            lines.setdefault((place, match[2] or ""), number)
        is_inside ^= (line.count('"""') + line.count("'''")) % 2 == 1
    return lines
