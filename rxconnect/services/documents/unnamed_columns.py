"""Columns of a file without a header that tell what must not be passed over: the status, the birth date and the suffix."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from statistics import median

from rxconnect.domain import clock
from rxconnect.services.files.columns import Columns
from rxconnect.services.shapes import dates
from rxconnect.services.shapes.names import is_suffix
from rxconnect.services.shapes.statuses import is_flag, read_status

# A mere number may be anything, unless it has the digits of a date.
_DATE = re.compile(r"\d{8}|.*\d[/.\- ].*|.*[A-Za-z].*", re.DOTALL)
# Most people in custody are older, and few have been there for so long.
_USUAL_AGE = 16


def likely(found: Columns, sample: Sequence[list[str]], given: Mapping[str, str]) -> dict[str, str]:
    """The likely columns of these, if they are not found or given. One that is given as "" is left out."""
    free = [place for place in range(len(found.header)) if place not in found.fields]
    cells = {place: [row[place] for row in sample if row[place]] for place in free}
    columns = {
        "birth_date": next(iter(sorted((age, place) for place in free if (age := _year(cells[place])))), None),
        "suffix": next(((0, place) for place in free if cells[place] and all(map(is_suffix, cells[place]))), None),
        "status": next(((0, place) for place in free if _are_statuses(cells[place])), None),
    }
    return {
        field: found.header[column[1]]
        for field, column in columns.items()
        if column and field not in found and field not in given
    }


def _year(cells: Sequence[str]) -> int:
    """The usual year of a column of birth dates; 0 if it holds something else."""
    unit = dates.unit_of(cells, is_birth=True)
    days = [day for cell in cells if _DATE.fullmatch(cell) and (day := dates.read_birth(cell, unit=unit).day)]
    year = int(median(day.year for day in days)) if days and 10 * len(days) >= 9 * len(cells) else 0
    return year if 0 < year <= clock.now().year - _USUAL_AGE else 0


def _are_statuses(cells: Sequence[str]) -> bool:
    words = {*cells}
    return bool(words) and all(len(word) > 1 and not is_flag(word) and read_status(word) for word in words)
