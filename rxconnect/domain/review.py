"""Review: why letters wait, and how they are decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from rxconnect.domain.marks import Hit
from rxconnect.domain.messages import Reason
from rxconnect.domain.text import fold
from rxconnect.i18n import N_, _

# A decision is pending for this long. Until then its reviewer may undo it, and the sender may withdraw the letter.
UNDO_FOR = timedelta(seconds=10)
# A claim lapses after this long, unless the page that shows the letter renews it.
CLAIM_FOR = timedelta(minutes=10)
# A claim lapses after this long once the page was left, unless it comes back.
LEFT_FOR = timedelta(seconds=30)
NOTE_MAX = 1_000
# What a reviewer adds to a rejection, for the family.
REMARK_MAX = 400
FILTER_NAME_MAX = 40
# The longest time for which a letter can be set aside.
SET_ASIDE_MAX = timedelta(days=7)


class Queue(StrEnum):
    """What waits at the desk: letters for their first decision, and rejected ones for the decision on an appeal."""

    LETTERS = "letters"
    APPEALS = "appeals"

    @property
    def label(self) -> str:
        """The queue's name."""
        return _("Letters") if self is Queue.LETTERS else _("Appeals")


class Shelf(StrEnum):
    """Where in its queue a letter lies. Those set aside come back by themselves; escalated ones are for administrators."""

    WAITING = "waiting"
    SET_ASIDE = "set aside"
    ESCALATED = "escalated"

    @property
    def label(self) -> str:
        """The shelf's name."""
        return {"waiting": _("Waiting"), "set aside": _("Set aside"), "escalated": _("Escalated")}[self.value]


class HoldReason(StrEnum):
    """Why screening gave a letter to staff instead of releasing it."""

    EVERY_LETTER = "every letter"
    WORDS = "words"
    PATTERN = "pattern"
    SENDER = "sender"
    PERSON = "person"
    LIMIT = "limit"
    LANGUAGE = "language"
    SAMPLE = "sample"
    NOT_SCREENED = "not screened"
    PHOTOS = "photos"

    @property
    def label(self) -> str:
        """The reason in a few words, for staff."""
        return _(_HOLD_REASONS[self])


_HOLD_REASONS = {
    HoldReason.EVERY_LETTER: N_("Every letter is read here"),
    HoldReason.WORDS: N_("Words of a rule"),
    HoldReason.PATTERN: N_("A pattern of a rule"),
    HoldReason.SENDER: N_("Letters of this sender wait"),
    HoldReason.PERSON: N_("Letters to this person wait"),
    HoldReason.LIMIT: N_("Over a limit"),
    HoldReason.LANGUAGE: N_("Language"),
    HoldReason.SAMPLE: N_("Random sample"),
    HoldReason.NOT_SCREENED: N_("Could not be screened"),
    HoldReason.PHOTOS: N_("Photos"),
}


@dataclass(frozen=True, slots=True)
class Screening:
    """The outcome of screening: `held_for` is why staff must read the letter, None to release it by itself.

    `language` is the recognised language, such as `es`; "" if unknown. `hits` are what the rules found.
    """

    held_for: HoldReason | None
    language: str = ""
    hits: tuple[Hit, ...] = ()


class Outcome(StrEnum):
    """What a decision says: about a letter or a part of it, or about an appeal."""

    APPROVED = "approved"
    REJECTED = "rejected"
    UPHELD = "upheld"
    OVERTURNED = "overturned"

    @property
    def label(self) -> str:
        """The outcome as staff read it."""
        return _(_OUTCOMES[self])


_OUTCOMES = {
    Outcome.APPROVED: N_("Approved"),
    Outcome.REJECTED: N_("Rejected"),
    Outcome.UPHELD: N_("Rejection upheld"),
    Outcome.OVERTURNED: N_("Rejection overturned"),
}


class DecisionState(StrEnum):
    """A decision is pending for `UNDO_FOR`, and then ends in one of three ways. Only a committed one has any effect."""

    PENDING = "pending"
    COMMITTED = "committed"
    UNDONE = "undone"
    # The sender withdrew the letter, or it ended otherwise, before the decision was committed.
    OVERTAKEN = "overtaken"


class ViewKind(StrEnum):
    """How a member of staff saw a letter."""

    OPENED = "opened"
    BESIDE = "beside"  # in the thread beside another letter
    PRINTED = "printed"
    AGAIN = "again"  # for a second reading, or to judge one
    SEALED = "sealed"  # printed unread, to be handed over sealed
    GLASS = "glass"  # a privileged letter that two administrators have opened


@dataclass(frozen=True, slots=True)
class Ruling:
    """A reviewer's ruling on items of a letter. `reason` is set exactly for a rejection; `remark` is for the family.

    No `items` means every item that is not decided yet.
    """

    outcome: Outcome
    reason: Reason | None = None
    remark: str = ""
    items: tuple[int, ...] = ()


def reasons_typed(text: str) -> list[tuple[int, str]]:
    """The reasons, as (number, label), that match what a reviewer types: a reason's number, or the start of a word of it."""
    numbered = [(number, reason.label) for number, reason in enumerate(Reason, start=1)]
    typed = fold(text).strip()
    if not typed:
        return numbered
    return [
        (number, label)
        for number, label in numbered
        if str(number) == typed or fold(label).startswith(typed) or f" {typed}" in fold(label)
    ]
