"""What can be read from a roster file, the names that systems give it, and how its cells are picked from a row."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any, NamedTuple

from rxconnect.domain.errors import BadFile
from rxconnect.services.files.cells import UNKNOWN, in_any_case, known
from rxconnect.services.files.columns import Columns, Fields


def _numbered(whose: str) -> tuple[str, ...]:
    return f"{whose}_number", f"{whose}_no", f"{whose}_id"


FIELDS: Fields = {
    "facility": ("facility_key",),
    "number": (
        *_numbered("inmate"),
        *_numbered("doc"),
        *_numbered("offender"),
        *_numbered("register"),
        *_numbered("booking"),
        # Last, for they may only count the rows.
        "id_number",
        "id",
    ),
    "first_name": ("first", "given_name"),
    "middle_name": ("middle",),
    "last_name": ("last", "surname"),
    "suffix": ("name_suffix",),
    "aliases": ("alias", "aka", "also_known_as"),
    "birth_date": ("dob", "date_of_birth"),
    "birth_year": ("year_of_birth",),
    "housing": ("housing_unit", "unit", "unit_number"),
    "status": ("custody", "custody_status"),
}
_NEEDED = ("number", "first_name", "last_name")
_BIRTH = {"birth_date", "birth_year"}
_OPTIONAL = {"middle_name", "suffix", "aliases", "housing", *_BIRTH}
# Words for *unknown* that are people's names as well, if the other name is one. For middle names they are not, though
# some are called Na: far more often a program has put NA into every empty cell, and families would read it.
_NAMES_TOO = {"first_name": in_any_case(["na"]), "last_name": in_any_case(["na", "none", "null"])}


class Written(NamedTuple):
    """The cells of one row that are about the person, as written; "" where the file has no such column."""

    number: str
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    aliases: str
    birth_date: str
    birth_year: str
    housing: str
    status: str


def reader_for(columns: Columns) -> Callable[[list[str]], Written]:
    """The function that picks a row's cells. Raises `BadFile` unless a number and both names can be read."""
    missing = [field.replace("_", " ") for field in _NEEDED if field not in columns]
    if missing:
        raise BadFile(f"This is not a roster: there is no column for {' and '.join(missing)}.")
    pick: Callable[[list[str]], Any] = itemgetter(*(columns.position(field) for field in Written._fields))
    return lambda cells: _cleaned(Written._make(pick(cells)))


def missing_columns(columns: Columns) -> frozenset[str]:
    """The fields of a `Person` for which a file has no column. An import leaves them as they are.

    The status is never among them, since everybody on a roster counts as held.
    """
    found = set(columns.positions)
    # A file with either of the two says what it knows of a birth.
    return frozenset(_OPTIONAL - found - (_BIRTH if found & _BIRTH else set()))


def _cleaned(written: Written) -> Written:
    """The same without words for *unknown*, and the number without the decimals that a program added: `12345.0`.

    But an unknown status stays, to be refused: none at all would mean that somebody is held.
    """
    if written.number.endswith(".0") and written.number[:-2].isdecimal():
        written = written._replace(number=written.number[:-2])
    if UNKNOWN.isdisjoint(written):
        return written
    is_nobody = written.first_name in UNKNOWN and written.last_name in UNKNOWN
    names = {} if is_nobody else _NAMES_TOO
    cells = zip(Written._fields, written, strict=True)
    return Written._make(
        cell if field == "status" or cell in names.get(field, ()) else known(cell) for field, cell in cells
    )
