"""Comparing our books with the card processor's: which differences there are, and what each means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rxconnect.i18n import N_, _


class Mismatch(StrEnum):
    """A way in which the two books differ about one payment."""

    NOT_PAID_HERE = "charged, not paid here"
    NOT_CHARGED_THERE = "paid here, not charged"
    AMOUNT = "amounts differ"
    REFUNDS = "refunds differ"
    DISPUTE = "dispute differs"

    @property
    def label(self) -> str:
        """The mismatch as a heading."""
        return _(_MISMATCHES[self][0])

    @property
    def explanation(self) -> str:
        """What it means, for staff."""
        return _(_MISMATCHES[self][1])


_MISMATCHES = {
    Mismatch.NOT_PAID_HERE: (
        N_("Charged, not paid here"),
        N_("The processor charged a card, and we gave no credits and began no refund for it."),
    ),
    Mismatch.NOT_CHARGED_THERE: (
        N_("Paid here, not charged"),
        N_("We gave credits, and the processor does not know of a charge for them."),
    ),
    Mismatch.AMOUNT: (N_("Amounts differ"), N_("The processor charged another amount than our receipt says.")),
    Mismatch.REFUNDS: (N_("Refunds differ"), N_("The processor paid back another amount than we did.")),
    Mismatch.DISPUTE: (
        N_("Dispute differs"),
        N_("A bank took another amount back than the purchase was still worth here."),
    ),
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
