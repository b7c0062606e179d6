"""Dates that old systems pack into six or seven digits. One number seldom tells its form, but a column has only one.

IBM's midrange computers write the century, year, month and day (`1260612` is June 12, 2026, and `0900203` February 3, 1990);
others write two digits of the year first (`260612`) or last (`061226`), or the year and the day in it (`2026163`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, timedelta

# What `dates` takes for the unit of a column. Units of `epochs` are positive.
CENTURY_FIRST, DAY_OF_YEAR, YEAR_FIRST, YEAR_LAST = -2, -3, -4, -5
_FIRST, LATEST = 1900, 2100
_SHARE = 0.9  # of the cells


def form_of(cells: Collection[str], *, latest: int = LATEST) -> int:
    """The form of a column whose dates are not after the year `latest`; 0 if it has another one, or it cannot be told."""
    # Zeros and nines alone stand for no date.
    filled = [cell for cell in cells if cell.strip("09")]
    seven, six = ([cell for cell in filled if len(cell) == length and _is_number(cell)] for length in (7, 6))
    if len(seven) + len(six) < _SHARE * max(1, len(filled)):
        return 0
    if seven:
        # The zero in front of a year of the last century is lost in a column of numbers.
        return _only([*seven, *(f"0{cell}" for cell in six)], (CENTURY_FIRST, DAY_OF_YEAR), latest)
    return _only(six, (YEAR_FIRST, YEAR_LAST), latest)


def day_of(digits: str, form: int, latest: int) -> date | None:
    """The day of a number in this form, of which two digits of a year are not after the year `latest`; None if it is none."""
    if form == CENTURY_FIRST and len(digits) == 6:
        digits = f"0{digits}"
    if len(digits) != (7 if form in (CENTURY_FIRST, DAY_OF_YEAR) else 6):
        return None
    return _READERS[form](digits, latest if len(digits) == 6 else LATEST)


def _is_number(cell: str) -> bool:
    return cell.isdecimal() and cell.isascii()


def _only(cells: Collection[str], forms: tuple[int, int], latest: int) -> int:
    """The form in which nearly all cells can be read, if the other one does not fit as well."""
    one, other = (sum(_READERS[form](cell, latest) is not None for cell in cells) for form in forms)
    if max(one, other) < max(1, _SHARE * len(cells)) or one == other:
        return 0
    return forms[0] if one > other else forms[1]


def _century_first(digits: str, latest: int) -> date | None:
    return _day(1900 + int(digits[:3]), digits[3:5], digits[5:], latest) if digits[0] in "01" else None


def _day_of_year(digits: str, latest: int) -> date | None:
    year, days = int(digits[:4]), int(digits[4:])
    if not (_FIRST <= year <= latest and days):
        return None
    day = date(year, 1, 1) + timedelta(days - 1)
    return day if day.year == year else None


def _year_first(digits: str, latest: int) -> date | None:
    return _day(_whole(digits[:2], latest), digits[2:4], digits[4:], latest)


def _year_last(digits: str, latest: int) -> date | None:
    return _day(_whole(digits[4:], latest), digits[:2], digits[2:4], latest)


def _whole(two: str, latest: int) -> int:
    """The last year with these two digits that is not after the latest one."""
    return latest - (latest - int(two)) % 100


def _day(year: int, month: str, day: str, latest: int) -> date | None:
    try:
        return date(year, int(month), int(day)) if _FIRST <= year <= latest else None
    except ValueError:
        return None


_READERS: dict[int, Callable[[str, int], date | None]] = {
    CENTURY_FIRST: _century_first,
    DAY_OF_YEAR: _day_of_year,
    YEAR_FIRST: _year_first,
    YEAR_LAST: _year_last,
}
