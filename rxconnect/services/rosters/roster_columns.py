"""The fields of a roster file, the column names that systems use for them, and how to pick their cells from a row."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any, NamedTuple

from rxconnect.domain.errors import BadFile
from rxconnect.services.files.cells import UNKNOWN, blank_if_unknown, in_any_case
from rxconnect.services.files.columns import Columns, Fields


def _number_names(whose: str) -> tuple[str, ...]:
    return f"{whose}_number", f"{whose}_no", f"{whose}_id"


FIELDS: Fields = {
    "facility": ("facility_key",),
    "number": (
        *_number_names("inmate"),
        *_number_names("doc"),
        *_number_names("offender"),
        *_number_names("register"),
        *_number_names("booking"),
        # These are last, because they may only count the rows.
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
# Words for *unknown* that are also names of people. They count as a name if the row's other name is one. In a middle
# name they always mean *unknown*: a program that fills empty cells with NA is far more common than the name Na.
_ALSO_NAMES = {"first_name": in_any_case(["na"]), "last_name": in_any_case(["na", "none", "null"])}


class Written(NamedTuple):
    """The cells of one row that describe the person, as written; "" where the file has no such column."""

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
    return lambda cells: _cleaned_cells(Written._make(pick(cells)))


def missing_columns(columns: Columns) -> frozenset[str]:
    """The fields of a `Person` for which a file has no column. An import leaves them as they are.

    The status is never among them, since everybody on a roster counts as held.
    """
    found = set(columns.positions)
    # A file with one of the two birth columns need not have the other.
    return frozenset(_OPTIONAL - found - (_BIRTH if found & _BIRTH else set()))


def _cleaned_cells(written: Written) -> Written:
    """The cells without words for *unknown*, and the number without decimals that a program added (`12345.0`).

    An unknown status stays, so that it is refused: an empty one would mean that the person is held.
    """
    if written.number.endswith(".0") and written.number[:-2].isdecimal():
        written = written._replace(number=written.number[:-2])
    if UNKNOWN.isdisjoint(written):
        return written
    has_no_name = written.first_name in UNKNOWN and written.last_name in UNKNOWN
    names = {} if has_no_name else _ALSO_NAMES
    cells = zip(Written._fields, written, strict=True)
    return Written._make(
        cell if field == "status" or cell in names.get(field, ()) else blank_if_unknown(cell) for field, cell in cells
    )
