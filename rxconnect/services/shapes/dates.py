"""Dates, as databases, spreadsheets and people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from rxconnect.domain import clock
from rxconnect.services.shapes import epochs, packed_dates

_OLDEST, _YOUNGEST = 120, 8
# A birth year of two digits is the latest one in which the person has this age.
_LEAST_AGE = 10
_FIRST_EVENT = 1930
_SPAN = 90  # A year of two digits lies within so many years.
# Systems fill an empty date with one of these.
_NO_DATES = frozenset(
    date(*parts)
    for parts in ((1, 1, 1), (1753, 1, 1), (1800, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1900, 1, 2),
                  (1901, 1, 1), (1904, 1, 1), (2079, 6, 6), (2099, 12, 31), (2199, 12, 31), (2999, 12, 31),
                  (3000, 1, 1), (4712, 12, 31), (9999, 12, 31), (9999, 1, 1))
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate((
    "jan january ene enero", "feb february febrero", "mar march marzo", "apr april abr abril", "may mayo",
    "jun june junio", "jul july julio", "aug august ago agosto", "sep sept september septiembre",
    "oct october octubre", "nov november noviembre", "dec december dic diciembre"), 1) for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
# What may follow a date: a time with its zone. A comma or an `at` may stand between them.
_TIME = re.compile(
    r"(?:(?<=\d)T|[\s:,]+(?:at\s+)?)\d{1,2}[:.]\d\d(?:[:.]\d\d(?:[.:,]\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|UTC|GMT|[A-Z]{2,4})?"
    r"\s*(?:[+-]\d\d(?::?\d\d)?)?(?=$|\s+\d{4}$)|(?<=\d{4})\s+\d{4}$",
    re.IGNORECASE,
)
# A time before a date.
_TIME_FIRST = re.compile(r"\d{1,2}:\d\d(?::\d\d)?\s*(?:[ap]\.?m\.?)?(?:\s*,\s*|\s+)(?:on\s+)?", re.IGNORECASE)
# The age, or a zone, after a date.
_IN_BRACKETS = re.compile(r"\s*\([\w .]*\)$")
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_THREE = re.compile(r"(\d{1,4})\s*([/.\-\s])\s*(\d{1,2})\s*[/.\-\s]\s*(\d{1,4})")
_DAY_MONTH_YEAR = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s\-/.,]*(?:of |de )?\s*([A-Za-z]{3,10})\.?[\s\-/.,]*(?:de )?\s*(\d{4}|\d\d)"
)
_MONTH_DAY_YEAR = re.compile(r"([A-Za-z]{3,10})\.?[\s\-/.]*(\d{1,2})(?:st|nd|rd|th)?[\s\-/.,]+(\d{4}|\d\d)")
_YEAR_MONTH_DAY = re.compile(r"(\d{4})[\s\-/.,]*([A-Za-z]{3,10})[\s\-/.]*(\d{1,2})")
# A year alone, with or without a month, and with zeros or an X for what is unknown.
_YEAR = re.compile(
    r"(\d{4})(?:\.0+)?|(?:\d{1,2}|[xX?*]{1,2})[/.\-](?:00|[xX?*]{1,2})[/.\-](\d{4})|(?:0?[0-9]|1[0-2])[/\-](\d{4})|(\d{4})-\d\d(?:-00)?"
)
_DIGITS = re.compile(r"(-?\d{1,14})(?:\.\d+)?")
_OF_DOTNET = re.compile(r"/?Date\((-?\d+)(?:[+-]\d{4})?\)/?")
_MIDNIGHT = r"(?:0?0:00(?::00)?(?:\.0+)?|12:00(?::00)? ?AM)"
_EMPTY_FORM = re.compile(
    rf"(?:{_MIDNIGHT} )?([0xX?*]+|[mdyMDY]+)([/.\-]([0xX?*]+|[mdyMDY]+)){{2}}(?:[ T]{_MIDNIGHT})?|0+|9{{6,8}}|0?1/0/1900"
)


class Reading(NamedTuple):
    """What a cell says: a whole `day`, or a `year` alone (0 for none). Neither: it cannot be read, or it stands for none.

    `is_none` is whether a system wrote it into an empty date: `1900-01-01`, `00/00/0000`, `9999-12-31`.
    """

    day: date | None = None
    year: int = 0
    is_none: bool = False


UNREADABLE = Reading()
_NONE = Reading(is_none=True)


def unit_of(cells: Sequence[str], *, is_birth: bool) -> int:
    """What the numbers of a column count (`epochs.unit_of`), or how they are packed (`packed_dates`); 0 for other dates."""
    latest = clock.now().year - _LEAST_AGE if is_birth else packed_dates.LATEST
    return epochs.unit_of(cells) or packed_dates.form_of(cells, latest=latest)


def read_birth(text: str, *, day_first: bool = False, unit: int = 0) -> Reading:
    """The date of birth, or its year. A day that nobody in custody was born on cannot be read.

    `unit` is what the numbers of this column count (`unit_of`).
    """
    if _EMPTY_FORM.fullmatch(text):
        return _NONE
    if not unit and (year := _year_alone(text)) is not None:
        return Reading(year=year) if is_likely_birth_year(year) else _NONE if year in (1, 1900, 9999) else UNREADABLE
    day = _read_day(text, day_first=day_first, unit=unit, latest=clock.now().year - _LEAST_AGE)
    if day is None:
        return UNREADABLE
    if is_likely_birth_year(day.year):
        return Reading(day)
    return _NONE if day in _NO_DATES else UNREADABLE


def read_event(text: str, *, day_first: bool = False, unit: int = 0) -> Reading:
    """The day of something that happens in a life in custody, such as a release, in the past or in the future.

    `unit` is what the numbers of this column count (`unit_of`).
    """
    if _EMPTY_FORM.fullmatch(text):
        return _NONE
    day = _read_day(text, day_first=day_first, unit=unit, latest=clock.now().year + 60)
    if day is None:
        return UNREADABLE
    return _NONE if day in _NO_DATES or day.year < _FIRST_EVENT else Reading(day)


def is_likely_birth_year(year: int) -> bool:
    """Whether somebody in custody may have been born in this year."""
    return _YOUNGEST <= clock.now().year - year <= _OLDEST


def day_and_month(text: str) -> tuple[int, int] | None:
    """The first two numbers of a date whose year comes last, such as (3, 4) of `03/04/1990`; None for other dates."""
    found = _THREE.fullmatch(_without_time(text))
    if found is None or len(found[1]) > 2:
        return None
    return int(found[1]), int(found[3])


def _year_alone(text: str) -> int | None:
    found = _YEAR.fullmatch(text)
    return int(next(filter(None, found.groups()))) if found else None


def _read_day(text: str, *, day_first: bool, unit: int, latest: int) -> date | None:
    if found := _ISO.match(text):
        rest = text[10:]
        if not rest or rest[0] in "T " or not rest[0].isalnum():
            return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _DIGITS.fullmatch(text):
        if unit < 0 and (day := packed_dates.day_of(found[1], unit, latest)):
            return day
        unit = max(unit, 0)
        return epochs.day_of(int(found[1]), unit) if unit else _day_of_digits(found[1], day_first)
    if found := _OF_DOTNET.fullmatch(text.replace("\\", "")):
        return epochs.day_of(int(found[1]), epochs.MILLISECONDS)
    text = _without_time(_WEEKDAY.sub("", text))
    if found := _THREE.fullmatch(text):
        return _day_of_numbers(found[1], found[3], found[4], day_first, latest)
    return _day_with_a_name(text, latest)


def _without_time(text: str) -> str:
    if len(text) <= 8:
        return text
    text = text.strip("# ")
    if (before := _TIME_FIRST.match(text)) and len(text) > before.end():
        return text[before.end() :]
    return _TIME.sub(" ", _IN_BRACKETS.sub("", text)).strip()


def _day_of_numbers(first: str, second: str, third: str, day_first: bool, latest: int) -> date | None:
    if len(first) > 2:
        return _day(int(first), int(second), int(third)) if len(first) == 4 and len(third) <= 2 else None
    if len(third) not in (2, 4):
        return None
    year = _whole_year(third, latest)
    one, two = int(first), int(second)
    either = (_day(year, two, one), _day(year, one, two)) if day_first else (_day(year, one, two), _day(year, two, one))
    return either[0] or either[1]


def _day_with_a_name(text: str, latest: int) -> date | None:
    if found := _DAY_MONTH_YEAR.fullmatch(text):
        day, month, year = found.groups()
    elif found := _MONTH_DAY_YEAR.fullmatch(text):
        month, day, year = found.groups()
    elif found := _YEAR_MONTH_DAY.fullmatch(text):
        year, month, day = found.groups()
    else:
        return None
    number = _MONTHS.get(month.casefold(), 0)
    return _day(_whole_year(year, latest), number, int(day))


def _whole_year(text: str, latest: int) -> int:
    """The year; of two digits, the last such year that is not after `latest`, or 0 if that is too long ago."""
    if len(text) > 2:
        return int(text)
    ago = (latest - int(text)) % 100
    return latest - ago if ago <= _SPAN else 0


def _day_of_digits(digits: str, day_first: bool) -> date | None:
    """The day of a number without separators: `19800105`, `01051980`, `19800105083000`, or a count of days or seconds."""
    match len(digits):
        case _ if digits.startswith("-"):
            return epochs.day_of(int(digits), _likely_unit(digits)) if len(digits) > 6 else None
        case 5:
            # Excel counts the days from 1900, and takes that year for a leap year.
            return date(1899, 12, 30) + timedelta(days=int(digits)) if int(digits) > 0 else None
        case 1 | 2 | 3 | 4 | 6:
            return None
        case 7 | 8 | 12 | 14:
            return _day_of_packed(digits, day_first)
        case _:
            # Seconds or milliseconds from 1970, as programs count them.
            return epochs.day_of(int(digits), _likely_unit(digits))


def _day_of_packed(digits: str, day_first: bool) -> date | None:
    if len(digits) == 7:
        digits = f"0{digits}"
    year_first = _day(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    if year_first and 1850 < year_first.year < 2200:
        return year_first
    if len(digits) > 8:
        return epochs.day_of(int(digits), epochs.MILLISECONDS) if len(digits) == 12 else year_first
    return _day_of_numbers(digits[:2], digits[2:4], digits[4:], day_first, 9999) or year_first


def _likely_unit(digits: str) -> int:
    return epochs.unit_of([digits]) or (epochs.MILLISECONDS if len(digits) > 11 else epochs.SECONDS)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
