"""Comparing our books with the card processor's: which differences there are, and what each means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mismatch(StrEnum):
    """A way in which the two books differ about one payment."""

    NOT_PAID_HERE = "charged, not paid here"
    NOT_CHARGED_THERE = "paid here, not charged"
    AMOUNT = "amounts differ"
    REFUNDS = "refunds differ"
    DISPUTE = "dispute differs"

    @property
    def explanation(self) -> str:
        """What it means, for staff."""
        return _MISMATCHES[self]


_MISMATCHES = {
    Mismatch.NOT_PAID_HERE: "The processor charged a card, and we gave no credits and began no refund for it.",
    Mismatch.NOT_CHARGED_THERE: "We gave credits, and the processor does not know of a charge for them.",
    Mismatch.AMOUNT: "The processor charged another amount than our receipt says.",
    Mismatch.REFUNDS: "The processor paid back another amount than we did.",
    Mismatch.DISPUTE: "A bank took another amount back than the purchase was still worth here.",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """What the two books say, in cents, about the payment `about` (an intent's id). `facility` is "" when it is unknown."""

    kind: Mismatch
    about: str
    our_cents: int
    their_cents: int
    facility: str = ""


@dataclass(frozen=True, slots=True)
class ComparisonReport:
    """What a comparison found. `payments` and `refunds` count what it checked, `resolved` what agrees again.

    `differences` are all open ones, including those of earlier comparisons, newest first, at most as many as fit a page.
    """

    payments: int
    refunds: int
    resolved: int
    open: int
    differences: list[Difference]

    @property
    def is_sound(self) -> bool:
        """Whether no difference is open."""
        return not self.open
