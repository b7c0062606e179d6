"""Second readings: which decided letters another reviewer reads again, and the read models of their pages.

The second reader is not told what the first one decided. Nothing changes for the family: the first decision stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from rxconnect.domain.desk import RuleHitView
from rxconnect.domain.marks import Piece
from rxconnect.domain.own_texts import OwnText
from rxconnect.domain.photos import PhotoView
from rxconnect.domain.team import Choice
from rxconnect.i18n import N_, _

# A second reader has a letter to themselves for this long.
READ_WITHIN = timedelta(minutes=30)
_ENGLISH = "en"


class Verdict(StrEnum):
    """What an administrator says about two readings that disagree. A reading that was wrong is a miss of its reader."""

    FIRST = "first"
    SECOND = "second"
    EITHER = "either"

    @property
    def label(self) -> str:
        """The judgement, for staff."""
        return _(_VERDICTS[self])


_VERDICTS = {
    Verdict.FIRST: N_("The first was right"),
    Verdict.SECOND: N_("The second was right"),
    Verdict.EITHER: N_("One may decide it either way"),
}


def foreign(language: str) -> str:
    """The language of a letter that is not in English; "" for English, and where none was recognised."""
    return "" if language == _ENGLISH else language


def is_drawn_by_chance(row_hash: str, percent: int) -> bool:
    """Whether a decision is drawn whose row in the audit has this hash.

    Nobody knows the hash before the decision takes effect, and everybody who has the chain can check the draw afterwards.
    """
    return int(row_hash[:12], 16) % 10_000 < percent * 100


def is_drawn(row_hash: str, percent: int, least: int, owed: int) -> tuple[bool, int]:
    """Whether a letter in a foreign language is drawn, and what is owed to its language afterwards.

    `owed` grows by `least`, the smallest share in percent, with each letter, and falls by 100 with each one drawn. Chance
    draws most of them. Whenever chance has drawn too few, so that 100 are owed, the letter is drawn all the same. Chance
    saves up one letter at most, so that no long time passes without a draw.
    """
    owed += least
    drawn = owed >= 100 or is_drawn_by_chance(row_hash, max(percent, least))
    return drawn, max(-100, owed - 100) if drawn else owed


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A letter for a second reader, from `sender` to `person`; of a reply, these are the person in custody and the family.

    It holds nothing that came after the letter, and not the letter's own id.
    """

    id: int
    facility: str
    sender: str
    person: str
    number: str
    subject_pieces: list[Piece]
    pieces: list[Piece]
    photos: list[PhotoView]
    found_by: list[RuleHitView]
    sent: str
    held_for: str
    language: str
    rules: list[OwnText]


@dataclass(frozen=True, slots=True)
class ReadingCounts:
    """How many letters wait for this reader, and how many they have read in the last 90 days."""

    waiting: int
    read: int


@dataclass(frozen=True, slots=True)
class Side:
    """One of two readings, as an administrator sees it: `outcome` is a stored value, and `label` says it."""

    by: str
    at: str
    outcome: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class DisagreementLine:
    """Two readings that disagree. `judged` says what an administrator found, "" if nobody has judged them."""

    id: int
    sender: str
    person: str
    subject: str
    first: Side
    second: Side
    judged: str
    judged_by: str
    may_judge: bool


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The same with the letter, for the administrator who judges."""

    line: DisagreementLine
    subject_pieces: list[Piece]
    pieces: list[Piece]
    photos: list[PhotoView]
    rules: list[OwnText]


@dataclass(frozen=True, slots=True)
class DisagreementsView:
    """The readings of one facility that disagree, those that nobody has judged first."""

    facility_id: int
    facility: str
    facilities: list[Choice]
    lines: list[DisagreementLine]
