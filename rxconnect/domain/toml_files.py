"""TOML files that people write by hand: their content, and the line of each key, for a sentence about what is wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class NotToml(Exception):
    """The text is not TOML. `reason` is the parser's, in English, and "" for tables that are nested too deeply."""

    def __init__(self, line: int, reason: str):
        super().__init__(f"line {line}: {reason}")
        self.line, self.reason = line, reason


def parse_toml(text: str) -> dict[str, Any]:
    """The content of a file. Raises `NotToml`."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise NotToml(1, "") from None
    except ValueError as error:
        # Mostly this is a `TOMLDecodeError`, but Python itself refuses a number of thousands of digits.
        reason = str(error)
        found = _AT_LINE.search(reason)
        line = int(found[1]) if found and found[1] else (text.count("\n", 0, len(text.rstrip())) + 1 if found else 1)
        raise NotToml(line, _AT_LINE.sub("", reason)) from None


def lines_of_keys(text: str, table: str) -> Iterator[tuple[tuple[int, str], int]]:
    """The line of each key, by the number of its `[[table]]` (0 outside of them) and its name ("" for the header)."""
    pattern = re.compile(rf"\s*(?:(\[\[\s*{table}\s*\]\])|([A-Za-z_-]+)\s*=)")
    place, is_inside = 0, False
    for number, line in enumerate(text.splitlines(), start=1):
        if not is_inside and (match := pattern.match(line)):
            place += bool(match[1])
            yield (place, match[2] or ""), number
        is_inside ^= (line.count('"""') + line.count("'''")) % 2 == 1
