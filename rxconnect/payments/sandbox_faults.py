"""Fault injection for the sandbox: tests plan the failures of a processor."""

from __future__ import annotations

import sqlite3
from enum import StrEnum


class Fault(StrEnum):
    """A kind of failure. A fault `after` the work loses only the response."""

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
        """Whether the sandbox has done the work before it fails."""
        return self in (Fault.TIMEOUT_AFTER, Fault.ERROR_AFTER, Fault.MALFORMED)


def take_fault(run: sqlite3.Connection, method: str, only: Fault | None = None) -> Fault | None:
    """Take the next planned fault of a method. Each planned fault is taken once."""
    row = run.execute(
        """DELETE FROM fault WHERE place =
             (SELECT min(place) FROM fault WHERE method = ? AND (? IS NULL OR fault = ?)) RETURNING fault""",
        (method, only, only),
    ).fetchone()
    return Fault(row["fault"]) if row else None
