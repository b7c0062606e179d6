"""Reports and plans of imports: counts, examples, warnings, and unusable rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from rxconnect.domain.errors import BadFile
from rxconnect.domain.text import one_line

MOST_BAD_ROWS = 100
MOST_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out. `line` counts from 1 and includes the header, as an editor shows it."""

    line: int
    reason: str


@dataclass(slots=True)
class ImportReport:
    """The result of an import. `bad` holds the first rows that were left out; `bad_rows` counts them all."""

    total: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad_rows: int = 0
    bad: list[BadRow] = field(default_factory=list)
    # Sentences for the operator about anything else that happened, such as a facility that opened.
    notes: list[str] = field(default_factory=list)

    def leave_out(self, line: int, reason: str, rows: int = 1) -> None:
        """Record one or more rows that cannot be used. `reason` may quote any characters of the file."""
        self.bad_rows += rows
        if len(self.bad) < MOST_BAD_ROWS:
            self.bad.append(BadRow(line, one_line(reason)))


@dataclass(slots=True)
class RosterPlan(ImportReport):
    """The changes that a file makes to one or many rosters.

    `moved` counts people who come from another facility, `released` those who were held and are missing from the file.
    """

    moved: int = 0
    released: int = 0
    # Facilities that were only listed and open with this roster, each with its price of a credit.
    opens: list[tuple[str, str]] = field(default_factory=list)
    # A few people for each kind of change (`new`, `changed`, `moved`, `released`), one line each.
    examples: dict[str, list[str]] = field(default_factory=dict)
    # Sentences about unlikely changes, such as half of a roster missing.
    suspicious: list[str] = field(default_factory=list)

    def add(self, other: RosterPlan) -> None:
        """Add the plan of other rosters to this one."""
        for count in ("total", "new", "changed", "unchanged", "moved", "released", "bad_rows"):
            setattr(self, count, getattr(self, count) + getattr(other, count))
        self.bad = sorted([*self.bad, *other.bad], key=lambda row: row.line)[:MOST_BAD_ROWS]
        self.notes += other.notes
        self.opens += other.opens
        self.suspicious += other.suspicious
        for kind, lines in other.examples.items():
            self.examples[kind] = [*self.examples.get(kind, []), *lines][:MOST_EXAMPLES]


class Suspicious(BadFile):
    """A roster would change more than is likely, and the operator did not confirm it."""

    def __init__(self, reasons: list[str]):
        more = f", and {len(reasons) - 1:,} more facilities" if len(reasons) > 1 else ""
        super().__init__(f"This looks wrong, so nothing was changed: {reasons[0]}{more}.")
        self.reasons = reasons
