"""Finds the header of a table, above which people write a title, a date or the name of their office."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

# Rows in which the header is looked for.
LOOKED_AT = 40
# The header names at least this share of the columns that the widest of these rows fills.
_SHARE = 0.7
_NARROW = 3  # columns; fewer do not tell a title from a header
_VALUE = re.compile(r"[0-9][0-9.,:/ -]*")
# A value that no column is called by: a date, with or without a time, or a long number.
_NO_NAME = re.compile(r"-?\d{4,}(\.\d+)?|\d{4}-\d\d-\d\d([T ][\d:.+Z-]*)?|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_SHARE_OF_VALUES = 0.25


class Header(NamedTuple):
    """The position of the header's last row, and the names of the columns."""

    place: int
    names: list[str]


def find(rows: Sequence[Sequence[str]]) -> Header:
    """The header among the first rows that are not blank: the first one unless another is more likely.

    It may have two rows: `Name` stands above `Last` and `First`, which are `Name Last` and `Name First` then.
    """
    widest = max((_filled(row) for row in rows), default=0)
    for place, row in enumerate(rows if widest >= _NARROW else ()):
        names = _joined(rows[place : place + 2], widest)
        if names and not _joined(rows[place + 1 : place + 3], widest):
            return Header(place + 1, names)
        if _is_header(row, widest):
            return Header(place, [*row])
    return Header(0, [*rows[0]] if rows else [])


def numbered(width: int) -> list[str]:
    """The names of the columns of a file without a header."""
    return [f"column {number}" for number in range(1, width + 1)]


def are_numbered(header: Sequence[str]) -> bool:
    """Whether a file has no header, so that its columns are numbered."""
    return [*header] == numbered(len(header))


def values_in(header: Sequence[str]) -> list[str]:
    """The dates and numbers in a header, if there are so many that it is a row of the table and no header."""
    names = [name.strip() for name in header if name.strip()]
    values = [name for name in names if _NO_NAME.fullmatch(name)]
    return values if len(values) > 1 and len(values) >= _SHARE_OF_VALUES * len(names) else []


def _is_header(row: Sequence[str], widest: int) -> bool:
    names = [name.strip().casefold() for name in row if name.strip()]
    return len(names) >= _SHARE * widest and len({*names}) > 0.8 * len(names) and not any(map(_VALUE.fullmatch, names))


def _joined(rows: Sequence[Sequence[str]], widest: int) -> list[str]:
    """The names of a header of these two rows, of which the upper one has groups of columns; none if they are no header."""
    if len(rows) < 2 or any(_filled(row) < 2 for row in rows):
        return []
    width = max(map(len, rows))
    upper, lower = ([*map(str.strip, row), *[""] * (width + 1 - len(row))] for row in rows)
    names, group, inside = list[str](), "", 0
    for place in range(width):
        above, below = upper[place], lower[place]
        if above and below and (upper[place + 1] or not lower[place + 1]):
            return []  # a name above a value
        if above or not below:
            group = above if below else ""
        inside += bool(below) and not above
        names.append(f"{group} {below}".strip() or above)
    # A row that nearly is a header alone stands under a title, unless several columns are named only above it or have one name.
    only_above = sum(bool(above) and not below for above, below in zip(upper, lower, strict=True))
    only_above += 2 * (len({*filter(None, lower)}) < sum(map(bool, lower)))
    if only_above < (2 if _is_header(rows[1], widest) else 1):
        return []
    if not inside or any(map(_VALUE.fullmatch, filter(None, upper + lower))) or not _is_header(names, widest):
        return []
    return names


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)
