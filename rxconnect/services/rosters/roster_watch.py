"""Watches columns that nobody reads, though they seem to say who has left: nobody stays held because a column was passed over."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from rxconnect.domain import clock
from rxconnect.domain.inmates import Custody
from rxconnect.domain.readings import Choices
from rxconnect.domain.sentences import Sentence
from rxconnect.services.files.columns import Columns, plain_name
from rxconnect.services.shapes import dates, statuses
from rxconnect.services.shapes.headers import leads_to, meaning_of
from rxconnect.services.shapes.words import is_nothing

_RELEASE = re.compile(r"releas|discharg|rls")
# A column about where somebody is or was: its words are names of places, and no reasons.
_PLACES = re.compile(r"facilit|instit|locat|\bloc\b|unit\b|housing|prison\b|\bjail|\bsite\b|\bcamp\b|center")
_RELEASE_DATE = re.compile(r"releas|discharg|rls|rel[_ ]?d|depart|exit|left|gone|out|deceas|died|death(?!.?row)")
_DATE = re.compile(r"date|time| on|_at|_dt|dt\b")


class _Watched(NamedTuple):
    """A column that nobody reads.

    `says_gone` is whether a cell says clearly that somebody has left. `is_reason` is whether anything else in it says so too,
    such as a reason for the release. Then it is empty for those who are there.
    """

    position: int
    name: str
    says_gone: Callable[[str], bool]
    is_reason: bool

    def tells(self, cell: str, *, has_status: bool) -> bool:
        """Whether the cell says that somebody has left. Where another column states that they are held, a reason does not."""
        is_reason = self.is_reason and not has_status and not statuses.is_flag(cell)
        return bool(cell) and not is_nothing(cell) and (self.says_gone(cell) or is_reason)


class Watch:
    """Counts the rows of people who count as held though a column that is neither read nor left out says otherwise."""

    def __init__(self, columns: Columns, choices: Choices):
        left_out = {plain_name(name) for name in choices.ignored}
        left_out_fields = {field for field, column in choices.columns.items() if not column}
        # A reason tells how somebody left, and not whether.
        read = {place for field, place in columns.positions.items() if field != "release_reason"}
        self._columns = [
            _watched(position, name)
            for position, name in enumerate(columns.header)
            if position not in read
            and plain_name(name) not in left_out
            and leads_to(name)
            and _field_of(name) not in left_out_fields
        ]
        self._status = columns.position("status")
        self._read_status = columns.header[self._status] if "status" in columns else ""
        self._counts: dict[str, int] = {}

    def see(self, cells: list[str], custody: Custody) -> None:
        """Look at a row of somebody with this status."""
        for column in self._columns if custody == Custody.HELD else ():
            if column.tells(cells[column.position], has_status=bool(cells[self._status])):
                self._counts[column.name] = self._counts.get(column.name, 0) + 1

    def suspicions(self, rows: int) -> list[Sentence]:
        """A sentence about each such column, of so many rows, and what to do about it."""
        reasons = {column.name for column in self._columns if column.is_reason}
        return [
            Sentence(
                "the column {column} says in {told} of {rows} rows that somebody has left, and nobody reads it: {advice}",
                column=name,
                told=count,
                rows=rows,
                advice=self._what_to_do(name),
            )
            for name, count in self._counts.items()
            if count < rows or name not in reasons
        ]

    def _what_to_do(self, name: str) -> Sentence:
        field = _field_of(name)
        options = {"ignore": f'--ignore "{name}"', "map": f'--map {field}="{name}"'}
        if field == "status" and self._read_status:
            return Sentence(
                "leave it out with {ignore}, or map it instead of {column} with {map}",
                column=self._read_status,
                **options,
            )
        return Sentence("map it with {map}, or leave it out with {ignore}", **options)


def _field_of(name: str) -> str:
    """The field for which a column that says who has left would be mapped."""
    meaning = meaning_of(name)
    if meaning and meaning.field in ("status", "release_date"):
        return meaning.field
    return "release_date" if _DATE.search(name.casefold()) else "status"


def _watched(position: int, name: str) -> _Watched:
    meaning, folded = meaning_of(name), name.casefold()
    is_status = meaning is not None and meaning.field == "status"
    is_about_leaving = _RELEASE.search(folded) is not None and _field_of(name) != "release_date"
    is_reason = is_about_leaving and not is_status and not _PLACES.search(re.sub(r"[^a-z]+", " ", folded))
    is_release_date = _RELEASE_DATE.search(folded) is not None

    @lru_cache(maxsize=4_096)
    def says_gone(cell: str) -> bool:
        """Whether a cell says that somebody has left, by a past date or by a word."""
        if is_status:
            return statuses.read_status(cell) in (Custody.RELEASED, Custody.MOVED)
        if day := dates.read_event(cell).day:
            return is_release_date and day < clock.now().date()
        return statuses.is_gone_word(cell)

    return _Watched(position, name, says_gone, is_reason)
