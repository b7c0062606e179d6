"""The comparison of our books with the card processor's: kinds of differences, and the report."""

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
        """The explanation of the mismatch for staff."""
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
    """The amounts in both books, in cents, for the payment `about` (an intent's id). `facility` is "" when unknown."""

    kind: Mismatch
    about: str
    our_cents: int
    their_cents: int
    facility: str = ""


@dataclass(frozen=True, slots=True)
class ComparisonReport:
    """The result of a comparison: the numbers of checked `payments` and `refunds`, and of `resolved` differences.

    `differences` are the newest open ones, including those of earlier comparisons, at most as many as fit on a page.
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
