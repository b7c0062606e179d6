"""Finds the column of each field in a file. Systems use many names for one field; the operator may name the column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rxconnect.domain.errors import BadFile

# The fields that can be read from a file, each with the names that its column may have, the likeliest first.
Fields = Mapping[str, tuple[str, ...]]

NO_COLUMN = -1


class Columns(NamedTuple):
    """A file's header, and the position in it of each field that was found."""

    header: list[str]
    positions: dict[str, int]

    def position(self, field: str) -> int:
        """The position of this field's column, or `NO_COLUMN`."""
        return self.positions.get(field, NO_COLUMN)

    def __contains__(self, field: object) -> bool:
        return field in self.positions

    def __str__(self) -> str:
        """The summary for the operator: `DOC # → number, Name → last name; not used: Race.`"""
        used = {position: field for field, position in self.positions.items()}
        shown = ", ".join(
            f"{self.header[position] or '(no name)'} → {_label(used[position])}" for position in sorted(used)
        )
        rest = [name or "(no name)" for position, name in enumerate(self.header) if position not in used]
        return f"{shown}{'; not used: ' if rest else ''}{', '.join(rest)}."


def detect_columns(header: Sequence[str], fields: Fields, given: Mapping[str, str]) -> Columns:
    """Find the column of each field by its name in any case and spacing. `given` (column by field) takes precedence.

    Raises `BadFile` when a given column is missing or given for two fields, and when a needed column occurs twice.
    """
    if unknown := sorted(given.keys() - fields.keys()):
        raise BadFile(f"Columns can be given for {', '.join(fields)}, not for {unknown[0]}.")
    plain = [plain_name(name) for name in header]
    positions = {field: _position_of(column, header, plain) for field, column in given.items()}
    _refuse_two_fields_of_one_column(header, positions)
    for field, names in fields.items():
        known = [plain_name(name) for name in (field, *names)]
        free = [plain.index(name) for name in known if name in plain and plain.index(name) not in positions.values()]
        if field in positions or not free:
            continue
        if plain.count(plain[free[0]]) > 1:
            raise BadFile(f"There are two columns called {header[free[0]]}; rename the wrong one.")
        positions[field] = free[0]
    return Columns(list(header), positions)


def plain_name(name: str) -> str:
    """The form in which column names are compared: `Inmate Number`, `inmate_number`, `InmateNumber`, `Inmate #` are
    equal.

    `#` alone becomes "": a column of that name only counts the rows.
    """
    return re.sub(r"[^a-z0-9]+", "", re.sub(r"(?<=\w)\s*#", " number", name.casefold()))


def _refuse_two_fields_of_one_column(header: Sequence[str], positions: Mapping[str, int]) -> None:
    for field, position in positions.items():
        first = next(earlier for earlier, its_position in positions.items() if its_position == position)
        if first != field:
            raise BadFile(
                f"The column {header[position]} is given for {_label(first)} and for {_label(field)}, but it can be only one."
            )


def _label(field: str) -> str:
    return field.replace("_", " ")


def _position_of(column: str, header: Sequence[str], plain: Sequence[str]) -> int:
    if column in header:
        return header.index(column)
    if plain_name(column) in plain:
        return plain.index(plain_name(column))
    raise BadFile(f"There is no column {column}; there are {', '.join(filter(None, header))}.")
