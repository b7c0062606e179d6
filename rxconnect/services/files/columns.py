"""Finds the column of each field in a file. Systems use many names for one field; the operator may name the column."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from rxconnect.domain.errors import BadFile
from rxconnect.domain.readings import AND, field_name

# The fields that can be read from a file, each with the names that its column may have, the likeliest first.
Fields = Mapping[str, tuple[str, ...]]

NO_COLUMN = -1
# Reports and databases name the table of a column, in front of brackets or points.
_OF_TABLE = re.compile(r"([^\[\]]*)\[([^\[\]]+)\]|((?:[^.\s]+\.)*(?:[^.\s]+|\[[^\]]+\]))\.(\[?[^.\[\]]+\]?)")


class Columns(NamedTuple):
    """A file's header, and the position in it of each field that was found.

    `joined` are all columns of a field that is read from several, in the order of the file.
    """

    header: list[str]
    positions: dict[str, int]
    joined: Mapping[str, tuple[int, ...]] = MappingProxyType({})

    def position(self, field: str) -> int:
        """The position of this field's column, or `NO_COLUMN`."""
        return self.positions.get(field, NO_COLUMN)

    @property
    def fields(self) -> dict[int, str]:
        """The field of each column that is read, by its position."""
        alone = {position: field for field, position in self.positions.items()}
        return alone | {position: field for field, every in self.joined.items() for position in every}

    def __contains__(self, field: object) -> bool:
        return field in self.positions

    def __str__(self) -> str:
        """The summary for the operator: `DOC # → number, Name → last name; not used: Race.`"""
        used = self.fields
        shown = ", ".join(
            f"{self.header[position] or '(no name)'} → {field_name(used[position])}" for position in sorted(used)
        )
        rest = [name or "(no name)" for position, name in enumerate(self.header) if position not in used]
        return f"{shown}{'; not used: ' if rest else ''}{', '.join(rest)}."


def no_meaning(name: str) -> None:
    """Every column is known by its exact name alone."""


def detect_columns(
    header: Sequence[str],
    fields: Fields,
    given: Mapping[str, str],
    *,
    ignored: Collection[str] = (),
    empty: Collection[int] = (),
    meaning_of: Callable[[str], tuple[str, int] | None] = no_meaning,
) -> Columns:
    """Find the column of each field by its name in any case and spacing. `given` (column by field) takes precedence.

    A field that is given as "" is left out, and so are the columns in `ignored`. `meaning_of` reads the names of columns that
    are not in `fields`: it gives the field and how likely it is, the least number first. The columns at the positions `empty`
    have no value in any row, so they are taken only for what no other column holds.

    Raises `BadFile` when a given or ignored column is missing, when one is given for two fields, and when a needed column
    occurs twice.
    """
    if unknown := sorted(given.keys() - fields.keys()):
        raise BadFile("Columns can be given for {fields}, not for {field}.", fields=[*fields], field=unknown[0])
    plain = [plain_name(name) for name in header]
    positions = {field: position_of(column, header) for field, column in given.items() if column}
    _refuse_two_fields_of_one_column(header, positions)
    left_out = {position_of(column, header) for column in ignored}
    wanted = {field: names for field, names in fields.items() if field not in given}
    for passed_over in (left_out | {*empty}, left_out) if empty else (left_out,):
        _add_by_name(header, plain, positions, passed_over, wanted)
        _add_by_meaning(header, plain, positions, passed_over, wanted, meaning_of)
    return Columns(list(header), positions)


def _add_by_name(
    header: Sequence[str], plain: Sequence[str], positions: dict[str, int], left_out: Collection[int], wanted: Fields
) -> None:
    """Find the columns of fields that have none yet by their exact names."""
    for field, names in wanted.items():
        known = [plain.index(name) for name in map(plain_name, (field, *names)) if name in plain]
        free = [position for position in known if position not in {*positions.values(), *left_out}]
        if field not in positions and free:
            _refuse_a_name_twice(header, plain, free[0])
            positions[field] = free[0]


def _add_by_meaning(
    header: Sequence[str],
    plain: Sequence[str],
    positions: dict[str, int],
    left_out: Collection[int],
    wanted: Collection[str],
    meaning_of: Callable[[str], tuple[str, int] | None],
) -> None:
    """Find the columns of fields that have none yet by the meaning of their names."""
    free = [position for position in range(len(header)) if position not in {*positions.values(), *left_out}]
    found: dict[str, list[tuple[int, int]]] = {}
    for position in free:
        if meaning := meaning_of(header[position]):
            found.setdefault(meaning[0], []).append((meaning[1], position))
    for field, candidates in found.items():
        if field in wanted and field not in positions:
            _, position = min(candidates)
            _refuse_a_name_twice(header, plain, position)
            positions[field] = position


def _refuse_a_name_twice(header: Sequence[str], plain: Sequence[str], position: int) -> None:
    if plain.count(plain[position]) > 1:
        raise BadFile("There are two columns called {column}; rename the wrong one.", column=header[position])


def plain_name(name: str) -> str:
    """The form in which column names are compared: `Inmate Number`, `inmate_number`, `InmateNumber`, `Inmate #` are
    equal.

    `#` alone becomes "": a column of that name only counts the rows.
    """
    return re.sub(r"[^a-z0-9]+", "", re.sub(r"(?<=\w)\s*#", " number", name.casefold()))


def without_table(name: str) -> tuple[str, str]:
    """The table and the column in a name that tells both: `Inmates[LastName]`, `'My Table'[LastName]`, `dbo.Inmate.LastName`.

    The table is "" in `[LastName]`. A plain name has no table, and is "" and the name itself.
    """
    found = _OF_TABLE.fullmatch(name.strip())
    if found is None:
        return "", name
    return (found[1] or found[3] or "").strip("'\"[] "), (found[2] or found[4]).strip("'\"[] ")


def named_columns(choice: str, header: Collection[str]) -> list[str]:
    """The columns that an operator's choice for a field names: `Pod + Cell` are two, unless one is called so."""
    plain = {plain_name(name) for name in header}
    return [choice] if AND.strip() not in choice or plain_name(choice) in plain else re.split(r"\s*\+\s*", choice)


def _refuse_two_fields_of_one_column(header: Sequence[str], positions: Mapping[str, int]) -> None:
    for field, position in positions.items():
        first = next(earlier for earlier, its_position in positions.items() if its_position == position)
        if first != field:
            raise BadFile(
                "The column {column} is given for {first} and for {second}, but it can be only one.",
                column=header[position],
                first=field_name(first),
                second=field_name(field),
            )


def no_column(column: str, header: Iterable[str]) -> BadFile:
    """The refusal of a column that is not there, with those that are."""
    return BadFile("There is no column {column}; there are {columns}.", column=column, columns=[*filter(None, header)])


def position_of(column: str, header: Sequence[str]) -> int:
    """The position of the column that somebody names. Raises `BadFile`, with the columns that there are."""
    if column in header:
        return header.index(column)
    plain = [plain_name(name) for name in header]
    for form in (column, without_table(column)[1]):
        if plain_name(form) in plain:
            return plain.index(plain_name(form))
    raise no_column(column, header)
