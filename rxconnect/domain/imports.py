"""What an import did: counts, and every row that could not be used, with its line and reason."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out. `line` counts from 1, the header included, as an editor shows it."""

    line: int
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What changed. `released` counts people who were on the roster and are missing from the file."""

    total: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    released: int = 0
    bad: list[BadRow] = field(default_factory=list)
    # Sentences for the operator about what happened beside the rows, such as a facility that opened.
    notes: list[str] = field(default_factory=list)
