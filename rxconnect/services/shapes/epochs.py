"""Dates as programs count them: seconds or milliseconds from 1970, also before it.

One number seldom tells its unit, but a column has only one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

SECONDS, MILLISECONDS = 1, 1000
_PACKED = -1
_NUMBER = re.compile(r"(-?)(\d{1,14})(?:\.\d+)?")
_MOST_SECONDS = 10  # digits: 10 of them last until the year 2286


def unit_of(cells: Iterable[str]) -> int:
    """The units per second of a column: `MILLISECONDS` if any cell can be nothing else, else `SECONDS`, else 0.

    0 stands for a column of other dates, such as `19800105` and Excel's days, of which a few may be mistyped.
    """
    counts = Counter(map(_unit_of, cells))
    if counts[_PACKED] > counts[SECONDS] + counts[MILLISECONDS]:
        return 0
    return MILLISECONDS if counts[MILLISECONDS] else SECONDS if counts[SECONDS] else 0


def day_of(number: int, unit: int) -> date | None:
    """The day in UTC of a count from 1970; None if it is too far away."""
    try:
        return date(1970, 1, 1) + timedelta(seconds=number // unit)
    except OverflowError:
        return None


def _unit_of(cell: str) -> int:
    """The unit that a number can only have; `_PACKED` for the digits of a date, and 0 for anything else."""
    number = _NUMBER.fullmatch(cell)
    if number is None:
        return 0
    is_negative, digits = bool(number[1]), len(number[2])
    if not is_negative and digits in (8, 12, 14) and _is_packed(number[2]):
        return _PACKED
    if digits > _MOST_SECONDS:
        return MILLISECONDS
    return SECONDS if digits > 8 or (is_negative and digits > 5) else 0


def _is_packed(digits: str) -> bool:
    """Whether digits are year, month and day, and perhaps a time: `198001050830`."""
    return 1850 < int(digits[:4]) < 2200 and 1 <= int(digits[4:6]) <= 12 and 1 <= int(digits[6:8]) <= 31
