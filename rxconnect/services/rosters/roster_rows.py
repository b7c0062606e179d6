"""Turns a row of a roster file into a person.

A file may have two million rows that repeat the same names, dates and units, so results are cached.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache

from rxconnect.domain import clock
from rxconnect.domain.inmates import ALIASES_MAX, Custody, Person
from rxconnect.domain.text import one_line
from rxconnect.domain.titles import name_case
from rxconnect.search.normalise import name_key, number_key
from rxconnect.services.files.cells import blank_if_unknown, is_formula
from rxconnect.services.rosters.roster_columns import Written

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
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./#-]{0,23}")
_YEAR = re.compile(r"[0-9]{4}")
_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")
_SHORTENED = re.compile(r"\d(\.\d+)?[eE]\+\d+")
_NUMBER_MAX, _FIRST_MAX, _LAST_MAX, _SUFFIX_MAX, _HOUSING_MAX, _ALIAS_MAX = 24, 60, 80, 8, 40, 150


def parse_person(written: Written) -> Person:
    """The person of one row. Raises `ValueError` with the reason, for the operator."""
    _refuse_formulas(written)
    if written.first_name.isupper() or written.last_name.isupper():
        written = _with_names_in_name_case(written)
    return Person(
        number=_parse_number(written.number),
        first_name=_parse_name("first name", written.first_name, _FIRST_MAX),
        last_name=_parse_name("last name", written.last_name, _LAST_MAX),
        middle_name=_parse_optional_name("middle name", written.middle_name, _FIRST_MAX),
        suffix=_parse_optional_name("suffix", written.suffix, _SUFFIX_MAX),
        aliases=_parse_aliases(written.aliases) if written.aliases else "",
        birth_date=_parse_birth_date(written.birth_date) if written.birth_date else None,
        birth_year=_parse_birth_year(written.birth_year) if written.birth_year and not written.birth_date else None,
        housing=_within_limit("housing", written.housing, _HOUSING_MAX),
        custody=_parse_custody(written.status),
    )


def _with_names_in_name_case(written: Written) -> Written:
    """The cells with names in capitals turned into name case. A short name such as `AJ` in `AJ Smith` stays."""
    is_all_capitals = (written.first_name + written.last_name).isupper()

    def readable(name: str, *, is_last: bool = False) -> str:
        return _in_name_case(name, is_last) if name.isupper() and (is_all_capitals or len(name) > 2) else name

    return written._replace(
        first_name=readable(written.first_name),
        middle_name=readable(written.middle_name),
        last_name=readable(written.last_name, is_last=True),
        suffix=readable(written.suffix, is_last=True),
        aliases=readable(written.aliases),
    )


@lru_cache(maxsize=65_536)
def _in_name_case(name: str, is_last: bool) -> str:
    return name_case(one_line(name), is_last=is_last)


def _refuse_formulas(written: Written) -> None:
    for cell in written:
        if cell and cell[0] in "=+@-" and is_formula(cell):
            field = next(field for field, value in written._asdict().items() if value == cell)
            raise ValueError(f"{field} looks like a spreadsheet formula")


def number_of(text: str) -> str:
    """The key of an inmate number, as `normalise.number_key` but faster; "" when there is none."""
    return _NOT_IN_KEY.sub("", text.lower()) if text.isascii() else number_key(text)


def _parse_number(text: str) -> str:
    if not (_NUMBER.fullmatch(text) and "  " not in text):
        text = _within_limit("the inmate number", text, _NUMBER_MAX)
        if not text:
            raise ValueError("the inmate number is missing")
        if _SHORTENED.fullmatch(text):
            raise ValueError(f"the inmate number {text} was shortened by a spreadsheet; format that column as text")
        if not _NUMBER.fullmatch(text):
            raise ValueError("the inmate number has characters other than letters, digits and - . / #")
    return text


def _parse_optional_name(what: str, text: str, most: int) -> str:
    return _parse_name(what, text, most) if text else ""


def _parse_name(what: str, text: str, most: int) -> str:
    # This is the fast path for most names.
    plain = text.isascii() and text.isalpha() and len(text) <= most
    return text if plain else _parse_unusual_name(what, text, most)


@lru_cache(maxsize=65_536)
def _parse_unusual_name(what: str, text: str, most: int) -> str:
    text = _within_limit(what, text, most)
    if unexpected := next((ch for ch in text if not _may_be_in_a_name(ch)), ""):
        raise ValueError(f"the {what} has a character that is not part of a name: {unexpected}")
    if len(name_key(text)) > most or not name_key(text):
        raise ValueError(f"the {what} is {'missing' if not text else 'not readable as a name'}")
    return text


def _may_be_in_a_name(ch: str) -> bool:
    return ch == " " or ch in _NAME_SIGNS or unicodedata.category(ch)[0] in "LMN"


def _parse_aliases(text: str) -> str:
    """Full names joined by `;`, without duplicates, as many as fit."""
    names = (_parse_optional_name("alias", blank_if_unknown(alias.strip()), _ALIAS_MAX) for alias in text.split(";"))
    kept = ""
    for name in dict.fromkeys(filter(None, names)):
        if len(kept) + len(name) < ALIASES_MAX:
            kept = f"{kept};{name}" if kept else name
    return kept


def _within_limit(what: str, text: str, most: int) -> str:
    text = text if text.isascii() and text.isprintable() and "  " not in text else one_line(text)
    if len(text) > most:
        raise ValueError(f"{what} is longer than {most} characters")
    return text


def _parse_birth_date(text: str) -> date:
    birth = _parse_date(text)
    if not _is_likely_birth_year(birth.year):
        raise ValueError(f"the birth date {text} cannot be right")
    return birth


def _parse_birth_year(text: str) -> int:
    if not _YEAR.fullmatch(text):
        raise ValueError(f"the birth year “{text[:20]}” is not like 1990")
    if not _is_likely_birth_year(int(text)):
        raise ValueError(f"the birth year {text} cannot be right")
    return int(text)


def _is_likely_birth_year(year: int) -> bool:
    return _YOUNGEST <= clock.now().year - year <= _OLDEST


@lru_cache(maxsize=65_536)
def _parse_date(text: str) -> date:
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    raise ValueError(f"the birth date “{text[:20]}” is not like 1990-12-31 or 12/31/1990")


@lru_cache(maxsize=1_024)
def _parse_custody(text: str) -> Custody:
    if text.casefold() not in _STATUSES:
        raise ValueError(f"the status “{text[:20]}” is not one of {', '.join(filter(None, _STATUSES))}")
    return _STATUSES[text.casefold()]
