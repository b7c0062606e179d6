"""Batches: a job handles a few rows a look, and says where its next look goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from rxconnect.domain.errors import Unavailable

Row = TypeVar("Row")


@dataclass(slots=True)
class Batch:
    """What one look of a job did.

    `done` counts what was changed. `resume_after` is the id of the last row that the look read: the job is called again
    soon with it, unless it is None, when nothing is left for now. `errors` are those of rows that failed.
    """

    done: int = 0
    resume_after: int | str | None = None
    errors: list[Exception] = field(default_factory=list)

    def each(self, handle: Callable[[Row], object], rows: Iterable[Row]) -> None:
        """Handle every row, and count those for which `handle` returns something true.

        A row that fails is left for a later look and does not hold up the others. Raises `Unavailable`: without a
        database none of them would go better.
        """
        for row in rows:
            try:
                self.done += bool(handle(row))
            except Unavailable:
                raise
            except Exception as error:
                self.errors.append(error)
