"""From a row of a roster file to a person. Columns go by several names, as the systems that write them differ:

number (or inmate_number, inmate_id, doc_number, booking_number, id), first_name (first), last_name (last), and if
known middle_name (middle), suffix, birth_date (dob, date_of_birth) or birth_year, housing (unit), status (custody).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from rxconnect.domain import clock
from rxconnect.domain.errors import BadFile
from rxconnect.domain.inmates import Custody, Person
from rxconnect.domain.text import one_line
from rxconnect.search.normalise import name_key, number_key
from rxconnect.services.import_files import Row

_NUMBER = ("number", "inmate_number", "inmate_id", "doc_number", "booking_number", "id")
_FIRST, _LAST = ("first_name", "first"), ("last_name", "last")
_BIRTH = ("birth_date", "dob", "date_of_birth")
_DATE_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%Y%m%d", "%m-%d-%Y")
_OLDEST, _YOUNGEST = 120, 8
_STATUSES = {
    "": Custody.HELD,
    "active": Custody.HELD,
    "held": Custody.HELD,
    "in custody": Custody.HELD,
    "incarcerated": Custody.HELD,
    "discharged": Custody.RELEASED,
    "released": Custody.RELEASED,
    "moved": Custody.MOVED,
    "transferred": Custody.MOVED,
}
_NAME_SIGNS = set("'’‘ʻ`´.,-‐‑–()/\"“”")


def require_columns(columns: set[str]) -> None:
    """Raises `BadFile` unless a number and both names can be read."""
    wanted = {"number": _NUMBER, "first_name": _FIRST, "last_name": _LAST}
    missing = [name for name, variants in wanted.items() if columns.isdisjoint(variants)]
    if missing:
        raise BadFile(f"This is not a roster: there is no column for {' and '.join(missing)}.")


def number_of(row: Row) -> str:
    """The inmate number's key, even in a row that is bad otherwise; "" when there is none."""
    return number_key(row.first(*_NUMBER))


def person(row: Row) -> Person:
    """The person of one row. Raises `ValueError` with the reason, for the operator."""
    _refuse_formulas(row)
    return Person(
        number=_number(row),
        first_name=_name("first name", row.first(*_FIRST), 60),
        last_name=_name("last name", row.first(*_LAST), 80),
        middle_name=_name("middle name", row.first("middle_name", "middle"), 60, needed=False),
        suffix=_name("suffix", row.first("suffix"), 8, needed=False),
        birth_date=_birth_date(row),
        housing=_short("housing", row.first("housing", "unit"), 40),
        custody=_custody(row),
    )


def identity(person: Person) -> str:
    """What makes two rows the same person: the key of the number."""
    return number_key(person.number)


def _refuse_formulas(row: Row) -> None:
    """A cell that a spreadsheet would run is never a name or a number, and we would hand it on in exports."""
    for column, cell in row.cells.items():
        if cell.startswith(("=", "+", "@")) or (cell.startswith("-") and not cell[1:2].isdigit() and cell != "-"):
            raise ValueError(f"{column or 'a cell'} looks like a spreadsheet formula")


def _number(row: Row) -> str:
    number = _short("the inmate number", row.first(*_NUMBER), 24)
    if not number:
        raise ValueError("the inmate number is missing")
    if re.fullmatch(r"\d(\.\d+)?[eE]\+\d+", number):
        raise ValueError(f"the inmate number {number} was shortened by a spreadsheet; format that column as text")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ./#-]*", number):
        raise ValueError("the inmate number has characters other than letters, digits and - . / #")
    return number


def _name(what: str, text: str, most: int, *, needed: bool = True) -> str:
    text = _short(what, text, most)
    if not needed and not text:
        return ""
    if strange := next((ch for ch in text if not _may_be_in_a_name(ch)), ""):
        raise ValueError(f"the {what} has a character that is not part of a name: {strange}")
    if len(name_key(text)) > most or not name_key(text):
        raise ValueError(f"the {what} is {'missing' if not text else 'not readable as a name'}")
    return text


def _may_be_in_a_name(ch: str) -> bool:
    return ch == " " or ch in _NAME_SIGNS or unicodedata.category(ch)[0] in "LMN"


def _short(what: str, text: str, most: int) -> str:
    text = one_line(text)
    if len(text) > most:
        raise ValueError(f"{what} is longer than {most} characters")
    return text


def _birth_date(row: Row) -> date | None:
    text, year = row.first(*_BIRTH), row.first("birth_year")
    # Of a year alone we keep its middle, so that the age shown is never wrong by more than one.
    birth = _parsed(text) if text else _parsed(f"{year}-07-01") if year else None
    if birth and not _YOUNGEST <= clock.now().year - birth.year <= _OLDEST:
        raise ValueError(f"the birth date {text or year} cannot be right")
    return birth


def _parsed(text: str) -> date:
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    raise ValueError(f"the birth date “{text[:20]}” is not like 1990-12-31 or 12/31/1990")


def _custody(row: Row) -> Custody:
    status = row.first("status", "custody")
    if status.casefold() not in _STATUSES:
        raise ValueError(f"the status “{status[:20]}” is not one of {', '.join(filter(None, _STATUSES))}")
    return _STATUSES[status.casefold()]
