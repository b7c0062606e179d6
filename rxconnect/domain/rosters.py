"""The page of a facility's rosters: its imports, the fields whose column can be chosen, and problems of an upload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rxconnect.domain.imports import COUNTS
from rxconnect.domain.sentences import Sentence
from rxconnect.domain.team import Choice
from rxconnect.i18n import N_, _, counted, number_text

_LABELS = {
    "total": N_("Rows in the file"),
    "new": N_("New people"),
    "changed": N_("Changed"),
    "unchanged": N_("As before"),
    "moved": N_("Came from another facility"),
    "released": N_("Released"),
    "missing": N_("Missing from the list"),
    "back": N_("On the list again"),
    "bad_rows": N_("Rows left out"),
    "repeats": N_("Repeated rows"),
    "disagreements": N_("Rows that contradict others"),
}


# Of an uploaded file: a list of some 300,000 people. An operator imports larger ones with the command.
MOST_MB = 32
# A world of a demo session is copied at each step, uploads too.
MOST_MB_IN_DEMO_SESSION = 10


class UploadProblem(StrEnum):
    """Why an uploaded file was not kept, or not imported."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    TOO_LARGE = "large"
    REFUSED = "refused"
    GONE = "gone"
    FAILED = "failed"

    @property
    def fact(self) -> Sentence:
        """What happened, and what to do."""
        return Sentence(_UPLOAD_PROBLEMS[self], most=MOST_MB_IN_DEMO_SESSION)


_UPLOAD_PROBLEMS = {
    UploadProblem.MISSING: N_("Choose the file first, then press the button. Nothing was changed."),
    UploadProblem.UNREADABLE: N_("The file did not arrive whole. Nothing was changed. Please upload it again."),
    UploadProblem.TOO_LARGE: N_(
        "In a demo session a list may have {most} MB at most. Nothing was changed. Please choose a smaller file."
    ),
    UploadProblem.REFUSED: N_("Your account may not import this roster. Nothing was changed."),
    UploadProblem.GONE: N_("The file is not there any more. Nothing was changed. Please upload it again."),
    UploadProblem.FAILED: N_(
        "The file could not be imported. Nothing was changed. Please tell whoever runs this service."
    ),
}


@dataclass(frozen=True, slots=True)
class MergeLine:
    """Somebody who was found under a new number. `may_split` is whether they can be made two people again."""

    id: int
    text: str
    may_split: bool
    is_split: bool


@dataclass(frozen=True, slots=True)
class ImportLine:
    """An import in the list of its facility's staff. `told` are its counts in words."""

    id: int
    file_name: str
    at: str
    by: str
    told: list[str]
    notes: list[str]
    merges: list[MergeLine]
    may_undo: bool
    is_undone: bool


@dataclass(frozen=True, slots=True)
class RostersView:
    """The imports of one facility, newest first, and the facilities of the member of staff who looks.

    `kinds` are the kinds of files that can be uploaded, in words, and `most_mb` is the size of the largest one.
    """

    facility_id: int
    facility: str
    facilities: list[Choice]
    may_import: bool
    imports: list[ImportLine]
    kinds: str
    most_mb: int


class RosterField(StrEnum):
    """A field of a roster whose column can be chosen on the page. The command can choose any."""

    NUMBER = "number"
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    BIRTH_DATE = "birth_date"
    HOUSING = "housing"
    STATUS = "status"
    RELEASE_DATE = "release_date"

    @property
    def label(self) -> str:
        """The field's name."""
        return _(_ROSTER_FIELDS[self])


_ROSTER_FIELDS = {
    RosterField.NUMBER: N_("Number of the person"),
    RosterField.NAME: N_("Whole name, if it is in one column"),
    RosterField.FIRST_NAME: N_("First name"),
    RosterField.LAST_NAME: N_("Last name"),
    RosterField.BIRTH_DATE: N_("Date of birth"),
    RosterField.HOUSING: N_("Housing"),
    RosterField.STATUS: N_("In custody or released"),
    RosterField.RELEASE_DATE: N_("Date of the release, if it is not only planned"),
}


def progress_in_words(share: int, rows: int) -> str:
    """How far an import is: the share of the file that is read, in percent, and the number of rows, 0 until all are read."""
    if not rows:
        return _("{percent} percent of the file is read. Nothing has changed yet.").format(percent=number_text(share))
    return counted(
        "The {count} row is read. Its person is being stored now.",
        "All {count} rows are read. Their people are being stored now, all at once.",
        rows,
    )


def counts_in_words(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The counts of a `RosterPlan` that are not 0, as (label, number)."""
    return [(_(_LABELS[name]), counts[name]) for name in COUNTS if counts.get(name)]
