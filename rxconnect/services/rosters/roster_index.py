"""The scratch database of a roster file: where each row is, with its facility and number. It is deleted with the process."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

# The line, and the position and size in bytes, as `ImportFile.row_at` takes them.
Where = tuple[int, int, int]

_AT_ONCE = 500  # values in one query


# What a row says of its person. These are plain numbers, since SQLite is slow to take members of an enum.
HELD, NOT_HELD, UNUSABLE = 0, 1, 2


class Numbers(NamedTuple):
    """The numbers that a file lists at one facility: those of people who are held, and those of bad rows."""

    held: set[str]
    unusable: set[str]


class RowIndex:
    """The rows of a file by facility, which is a number from 0 on, and by the key of the inmate number."""

    def __init__(self, rows: sqlite3.Connection):
        self._rows = rows

    def fill(self, rows: Iterable[tuple[int, int, int, int, str, int]], has_many: Callable[[], bool]) -> list[int]:
        """Index rows: facility, line, position, size, number and state. `has_many` facilities is asked at the end.

        Returns for each facility how many rows are bad, or repeat a number.
        """
        self._rows.execute(
            "CREATE TABLE listed (facility INTEGER, line INTEGER, start INTEGER, size INTEGER, number, state INTEGER)"
        )
        self._rows.executemany("INSERT INTO listed VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._rows.execute("CREATE INDEX listed_facility ON listed (facility, line)")
        if has_many():
            self._rows.execute("CREATE INDEX listed_number ON listed (number)")
        usable = "COUNT(DISTINCT CASE WHEN state < 2 THEN number END)"
        bad = f"SELECT COUNT(*) - {usable} FROM listed GROUP BY facility ORDER BY facility"  # noqa: S608 - all ours
        return [count for (count,) in self._rows.execute(bad)]

    def rows_at(self, facility: int) -> Iterator[Where]:
        """The rows of one facility, in the order of the file."""
        return self._rows.execute("SELECT line, start, size FROM listed WHERE facility = ? ORDER BY line", (facility,))

    def rows_under(self, number: str) -> list[tuple[int, int, int, int]]:
        """The usable rows with this number, each with its facility, in the order of the file."""
        query = "SELECT facility, line, start, size FROM listed WHERE number = ? AND state < 2 ORDER BY line"
        return self._rows.execute(query, (number,)).fetchall()

    def numbers(self, facility: int) -> Numbers:
        """The numbers of one facility."""
        query = "SELECT number FROM listed WHERE facility = ? AND state = ?"
        held, unusable = (
            {number for (number,) in self._rows.execute(query, (facility, state))} for state in (HELD, UNUSABLE)
        )
        return Numbers(held, unusable)

    def held_rows(self, facility: int, numbers: Collection[str]) -> Iterator[Where]:
        """The first rows of people who are held under these numbers."""
        every = iter(numbers)
        while some := list(islice(every, _AT_ONCE)):
            marks = ", ".join("?" * len(some))
            query = f"SELECT MIN(line), start, size FROM listed WHERE facility = ? AND state = {HELD} AND number IN ({marks})"  # noqa: S608
            yield from self._rows.execute(f"{query} GROUP BY number", (facility, *some)).fetchall()
