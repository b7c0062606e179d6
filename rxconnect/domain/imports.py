"""Reports and plans of imports: counts, examples, warnings, and unusable rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rxconnect.domain.errors import BadFile
from rxconnect.domain.readings import Place, ReadingReport
from rxconnect.domain.sentences import Sentence
from rxconnect.domain.text import one_line

MOST_BAD_ROWS = 100
MOST_EXAMPLES = 3
# The people whom a preview lists by name.
MOST_LISTED = 200
COUNTS = (
    "total",
    "new",
    "changed",
    "unchanged",
    "moved",
    "released",
    "missing",
    "back",
    "bad_rows",
    "repeats",
    "disagreements",
)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out. `line` counts from 1 and includes the header, as an editor or the sheet shows it.

    `sheet` is the title of the sheet, if several were read.
    """

    line: int
    reason: Sentence | str
    sheet: str = ""

    @property
    def place(self) -> Place:
        """Where the row stands."""
        return Place(self.line, self.sheet)


def by_place(row: BadRow) -> tuple[str, int]:
    """The order of rows in a report."""
    return row.sheet, row.line


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
    notes: list[Sentence | str] = field(default_factory=list)
    # A few rows for each kind of change (`new`, `changed`; of people also `moved`, `released`, `missing`), one line each.
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add_example(self, kind: str, line: str) -> None:
        """Keep an example of a kind of change, if there are few."""
        lines = self.examples.setdefault(kind, [])
        if len(lines) < MOST_EXAMPLES:
            lines.append(line)

    def leave_out(self, place: Place, reason: Sentence | str, rows: int = 1) -> None:
        """Record one or more rows that cannot be used. `reason` may quote any characters of the file."""
        self.bad_rows += rows
        if len(self.bad) < MOST_BAD_ROWS:
            reason = one_line(reason) if isinstance(reason, str) else reason
            self.bad.append(BadRow(place.line, reason, place.sheet))


@dataclass(slots=True)
class RosterPlan(ImportReport):
    """The changes that a file makes to one or many rosters.

    `moved` counts people who come from another facility, `released` those whom the file lists as released. `missing`
    counts those who were held and are not in the file: they are not released by that. `back` counts those who were
    missing before. `repeats` are rows about people of earlier rows, and `disagreements` those that say something else.
    """

    moved: int = 0
    released: int = 0
    missing: int = 0
    back: int = 0
    repeats: int = 0
    disagreements: int = 0
    # A line about each of the first `MOST_LISTED` people who are missing.
    missing_people: list[str] = field(default_factory=list)
    # A line about each person who is known under a new number now.
    merges: list[Sentence | str] = field(default_factory=list)
    # Facilities that were only listed and open with this roster, each with its price of a credit.
    opens: list[tuple[str, str]] = field(default_factory=list)
    # Sentences about unlikely changes, such as half of a roster missing.
    suspicious: list[Sentence | str] = field(default_factory=list)
    # The first people as they are stored, and what was doubtful or could not be read.
    reading: ReadingReport = field(default_factory=ReadingReport)

    def add(self, other: RosterPlan) -> None:
        """Add the plan of other rosters to this one."""
        for count, number in other.counts().items():
            setattr(self, count, getattr(self, count) + number)
        self.bad = sorted([*self.bad, *other.bad], key=by_place)[:MOST_BAD_ROWS]
        self.notes += other.notes
        self.merges += other.merges
        self.missing_people = [*self.missing_people, *other.missing_people][:MOST_LISTED]
        self.opens += other.opens
        self.suspicious += other.suspicious
        self.reading.add(other.reading)
        for kind, lines in other.examples.items():
            self.examples[kind] = [*self.examples.get(kind, []), *lines][:MOST_EXAMPLES]

    def counts(self) -> dict[str, int]:
        """Every count by its name."""
        return {name: getattr(self, name) for name in COUNTS}

    def tell(self) -> list[Sentence]:
        """Sentences about people who are gone or back, repeated rows and unread cells, for the end of the report."""
        return [*(sentence for sentence in self._sentences() if sentence.about["count"]), *self.reading.notes()]

    def _sentences(self) -> list[Sentence]:
        return [
            Sentence.counted(
                "{count} person is not on the list any more ({people}). They can still be written to, and count as released "
                "only when later lists lack them, too.",
                "{count} people are not on the list any more ({people}). They can still be written to, and count as released "
                "only when later lists lack them, too.",
                self.missing,
                people=_some(self.examples.get("missing", []), self.missing),
            ),
            Sentence.counted(
                "{count} person is released, says the file ({people}).",
                "{count} people are released, says the file ({people}).",
                self.released,
                people=_some(self.examples.get("released", []), self.released),
            ),
            Sentence.counted(
                "{count} person is on the list again, and where they were before.",
                "{count} people are on the list again, and where they were before.",
                self.back,
            ),
            Sentence.counted(
                "{count} row repeats people already read.", "{count} rows repeat people already read.", self.repeats
            ),
            Sentence.counted(
                "{count} row disagrees with an earlier one about the same person: in custody counts more than released, and "
                "otherwise the first.",
                "{count} rows disagree with an earlier one about the same person: in custody counts more than released, and "
                "otherwise the first.",
                self.disagreements,
            ),
        ]


class Suspicious(BadFile):
    """A roster would change more than is likely, and the operator did not confirm it."""

    def __init__(self, reasons: Sequence[Sentence | str]):
        first, *more = reasons
        if more:
            reason = Sentence.counted(
                "This looks wrong, so nothing was changed: {first}; and {count} more reason, which a dry run lists.",
                "This looks wrong, so nothing was changed: {first}; and {count} more reasons, which a dry run lists.",
                len(more),
                first=first,
            )
        else:
            reason = Sentence("This looks wrong, so nothing was changed: {first}.", first=first)
        super().__init__(reason)
        self.reasons = reasons


class NoUsableRow(BadFile):
    """A file has rows, and none that can be used. `words` are words for a status that may be why."""

    def __init__(self, reason: Sentence, words: list[str]):
        super().__init__(reason)
        self.words = words


@dataclass(frozen=True, slots=True)
class MergeView:
    """Two numbers that were found to be one person's, for operators. `at` is UTC.

    `may_split` is whether they can be made two people again: the person still has the second number, at the second facility.
    """

    id: int
    name: str
    from_number: str
    from_facility: str
    to_number: str
    to_facility: str
    at: datetime
    is_split: bool
    may_split: bool

    @property
    def line(self) -> str:
        """`Ann Abel: 0042 → 42`."""
        return f"{self.name}: {self.from_number} → {self.to_number}"


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import of a facility's roster with its report, for operators. `at` is UTC.

    `counts` are those of a `RosterPlan`. `may_undo` says whether it can be taken back: it is the facility's last one.
    `by` is the name of who imported it, "" for an operator's command.
    """

    id: int
    facility: str
    file_name: str
    at: datetime
    counts: dict[str, int]
    notes: list[str]
    bad: list[BadRow]
    examples: dict[str, list[str]]
    merges: list[MergeView]
    may_undo: bool
    is_undone: bool
    by: str


@dataclass(frozen=True, slots=True)
class UndoView:
    """What became of an import that was taken back: counts of people, and sentences about what stays as it is."""

    restored: int
    removed: int
    kept: list[str]


@dataclass(frozen=True, slots=True)
class UploadView:
    """A roster file that was uploaded. While it `is_asked` for, it is being imported, and `progress` says how far that is.

    `share` is how much of the file is read, in percent, and `rows` the number of its rows, 0 until all are read. `refusal` says why
    it was not imported.
    """

    id: int
    facility_id: int
    file_name: str
    is_asked: bool
    is_imported: bool
    share: int
    rows: int
    progress: str
    refusal: str


@dataclass(frozen=True, slots=True)
class PreviewView:
    """What importing an uploaded file would do.

    `columns` are the columns of the file, each with the field that is read from it ("" if none is); `people` are the
    first ten people, as (number, name, date or year of birth, housing, custody).
    """

    upload_id: int
    columns: list[tuple[str, str]]
    people: list[tuple[str, str, str, str, str]]
    counts: dict[str, int]
    examples: dict[str, list[str]]
    notes: list[str]
    bad: list[BadRow]
    merges: list[str]
    # What looks wrong, and has to be accepted.
    suspicious: list[str]
    # The first `MOST_LISTED` people who are not in the file.
    missing: list[str]
    # Words for a status that the file does not explain, each with what somebody said that it means (a `Custody`), or "".
    words: list[tuple[str, str]]


def _some(examples: list[str], number: int) -> list[Sentence | str]:
    more = number - len(examples)
    return [*examples, *[Sentence("{number} more", number=more)] * (more > 0)]
