"""What an import did or would do: counts, examples, what looks wrong, and every row that could not be used."""

from __future__ import annotations

from dataclasses import dataclass, field

from rxconnect.domain.errors import BadFile
from rxconnect.domain.text import one_line

MOST_BAD_ROWS = 100
MOST_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out. `line` counts from 1, the header included, as an editor shows it."""

    line: int
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What changed. `bad` keeps the first rows that were left out; `bad_rows` counts them all."""

    total: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad_rows: int = 0
    bad: list[BadRow] = field(default_factory=list)
    # Sentences for the operator about what happened beside the rows, such as a facility that opened.
    notes: list[str] = field(default_factory=list)

    def leave_out(self, line: int, reason: str, rows: int = 1) -> None:
        """Note a row that cannot be used, or several for one reason, which may quote any characters of the file."""
        self.bad_rows += rows
        if len(self.bad) < MOST_BAD_ROWS:
            self.bad.append(BadRow(line, one_line(reason)))


@dataclass(slots=True)
class RosterPlan(ImportReport):
    """What a file does to one or many rosters.

    `moved` counts people who come from another facility, `released` those who were held and are missing from the file.
    """

    moved: int = 0
    released: int = 0
    # Facilities that were only listed and open with this roster, each with its price of a credit.
    opens: list[tuple[str, str]] = field(default_factory=list)
    # A few people of each kind of change (`new`, `changed`, `moved`, `released`), as one line each.
    examples: dict[str, list[str]] = field(default_factory=dict)
    # Sentences about what is seldom right, such as half of a roster missing.
    suspicious: list[str] = field(default_factory=list)

    def add(self, other: RosterPlan) -> None:
        """Count in what happens to further rosters."""
        for count in ("total", "new", "changed", "unchanged", "moved", "released", "bad_rows"):
            setattr(self, count, getattr(self, count) + getattr(other, count))
        self.bad = sorted([*self.bad, *other.bad], key=lambda row: row.line)[:MOST_BAD_ROWS]
        self.notes += other.notes
        self.opens += other.opens
        self.suspicious += other.suspicious
        for kind, lines in other.examples.items():
            self.examples[kind] = [*self.examples.get(kind, []), *lines][:MOST_EXAMPLES]


class Suspicious(BadFile):
    """A roster would change more than it ought to, and nobody said that this is right."""

    def __init__(self, reasons: list[str]):
        more = f", and {len(reasons) - 1:,} more facilities" if len(reasons) > 1 else ""
        super().__init__(f"This looks wrong, so nothing was changed: {reasons[0]}{more}.")
        self.reasons = reasons
