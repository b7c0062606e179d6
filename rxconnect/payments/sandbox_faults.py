"""Faults that can be planned for the sandbox, so that every way in which a processor fails can be seen and tested."""

from __future__ import annotations

import sqlite3
from enum import StrEnum


class Fault(StrEnum):
    """A way to fail. What comes `after` has done what it was asked, and only its answer is lost."""

    TIMEOUT_BEFORE = "timeout before"
    TIMEOUT_AFTER = "timeout after"
    CONFLICT = "409 conflict"
    TOO_MANY = "429 too many requests"
    ERROR_BEFORE = "500 before"
    ERROR_AFTER = "500 after"
    MALFORMED = "malformed answer"
    WRONG_AMOUNT = "wrong amount"

    @property
    def is_after(self) -> bool:
        """Whether what was asked has happened nevertheless."""
        return self in (Fault.TIMEOUT_AFTER, Fault.ERROR_AFTER, Fault.MALFORMED)


def take_fault(run: sqlite3.Connection, method: str, only: Fault | None = None) -> Fault | None:
    """The fault that was planned next for a method; it is used up by taking it."""
    row = run.execute(
        """DELETE FROM fault WHERE place =
             (SELECT min(place) FROM fault WHERE method = ? AND (? IS NULL OR fault = ?)) RETURNING fault""",
        (method, only, only),
    ).fetchone()
    return Fault(row["fault"]) if row else None
