"""Batches: a job handles a few rows at a time, and returns where to resume."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from rxconnect.domain.errors import Unavailable

Row = TypeVar("Row")


@dataclass(slots=True)
class Batch:
    """The result of one batch of a job.

    `done` counts the changed rows. `resume_after` is the id of the last row read, with which the job is called again
    soon; None when nothing is left for now. `due_in` is in how many seconds the next row is due, when it is known: the job
    then runs again at that moment if its interval is longer. `errors` are those of the rows that failed.
    """

    done: int = 0
    resume_after: int | str | None = None
    due_in: float | None = None
    errors: list[Exception] = field(default_factory=list)

    @classmethod
    def of_page(cls, ids: Sequence[int], most: int, handle: Callable[[int], object]) -> Batch:
        """Handle `each` of these ids, which are in their order. When there are `most` of them, others may follow."""
        batch = cls(resume_after=ids[-1] if len(ids) == most else None)
        batch.each(handle, ids)
        return batch

    def each(self, handle: Callable[[Row], object], rows: Iterable[Row]) -> None:
        """Call `handle` for every row, and count the rows for which it returns a true value.

        A row that fails is left for a later batch and does not stop the others. Raises `Unavailable` when the database
        is gone, because then every row would fail.
        """
        for row in rows:
            try:
                self.done += bool(handle(row))
            except Unavailable:
                raise
            except Exception as error:
                self.errors.append(error)
