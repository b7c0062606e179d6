"""Purchases: statuses and their legal moves, the steps of the wizard, failures, and the read model."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from rxconnect.domain.errors import IllegalMove
from rxconnect.i18n import N_, _

SUGGESTED_CREDITS = (10, 20, 40, 100)

# Crockford's base 32 has no I, L, O or U, so a number can be read out over the telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class PurchaseStatus(StrEnum):
    """The status of a purchase. A `charging` one may have reached the processor; only `charges.settle_attempt` ends that status.

    `requires_action` waits for the buyer at their bank. `disputed` was paid, and the bank has taken the money back.
    Refunds do not change the status; they have their own column.
    """

    DRAFT = "draft"
    CHARGING = "charging"
    REQUIRES_ACTION = "requires_action"
    PAID = "paid"
    FAILED = "failed"
    DISPUTED = "disputed"

    @property
    def is_open(self) -> bool:
        """Whether the buyer may still change it."""
        return self in (PurchaseStatus.DRAFT, PurchaseStatus.FAILED)

    @property
    def is_under_way(self) -> bool:
        """Whether an attempt to charge it has begun and has no outcome yet."""
        return self in (PurchaseStatus.CHARGING, PurchaseStatus.REQUIRES_ACTION)

    @property
    def has_receipt(self) -> bool:
        """Whether it was ever paid."""
        return self in (PurchaseStatus.PAID, PurchaseStatus.DISPUTED)


class PurchaseStep(StrEnum):
    """The current step of the wizard for a purchase."""

    AMOUNT = "amount"
    PAYMENT = "payment"
    REVIEW = "review"
    CHARGING = "charging"
    ACTION = "action"
    RECEIPT = "receipt"

    @property
    def is_under_way(self) -> bool:
        """Whether the purchase waits for the processor, or for the buyer at their bank."""
        return self in (PurchaseStep.CHARGING, PurchaseStep.ACTION)


PURCHASE_MOVES: dict[PurchaseStatus, frozenset[PurchaseStatus]] = {
    PurchaseStatus.DRAFT: frozenset({PurchaseStatus.CHARGING}),
    PurchaseStatus.CHARGING: frozenset({PurchaseStatus.REQUIRES_ACTION, PurchaseStatus.PAID, PurchaseStatus.FAILED}),
    PurchaseStatus.REQUIRES_ACTION: frozenset({PurchaseStatus.PAID, PurchaseStatus.FAILED}),
    PurchaseStatus.FAILED: frozenset({PurchaseStatus.CHARGING}),
    PurchaseStatus.PAID: frozenset({PurchaseStatus.DISPUTED}),
    PurchaseStatus.DISPUTED: frozenset({PurchaseStatus.PAID}),
}


def check_move(current: PurchaseStatus, wanted: PurchaseStatus) -> None:
    """Raise `IllegalMove` unless `wanted` may follow `current`."""
    if wanted not in PURCHASE_MOVES[current]:
        raise IllegalMove(current, wanted)


class Failure(StrEnum):
    """The reason why nothing was charged, the same for every processor."""

    DECLINED = "declined"
    INSUFFICIENT_FUNDS = "insufficient funds"
    EXPIRED_CARD = "expired card"
    WRONG_CVV = "wrong cvv"
    PROCESSOR_ERROR = "processor error"
    ABANDONED = "abandoned"
    NOT_AUTHENTICATED = "not authenticated"
    WRONG_AMOUNT = "wrong amount"

    @property
    def sentence(self) -> str:
        """The sentence for the buyer: what happened, that nothing was charged, and what to do."""
        return _(_FAILURES[self])

    @property
    def rules_out_card(self) -> bool:
        """Whether trying again needs another card, or this one with its details corrected."""
        return self in (Failure.DECLINED, Failure.EXPIRED_CARD, Failure.WRONG_CVV)


_FAILURES = {
    Failure.DECLINED: (
        N_(
            "Your bank declined this card. You were not charged. "
            "Try another card, or call the number on the back of this one."
        )
    ),
    Failure.INSUFFICIENT_FUNDS: (
        N_(
            "This card does not have enough money available. You were not charged. Try a smaller amount or another card."
        )
    ),
    Failure.EXPIRED_CARD: N_(
        "This card has expired. You were not charged. Correct its expiry date or use another card."
    ),
    Failure.WRONG_CVV: N_(
        "The CVV does not match this card. You were not charged. Enter the three or four digits again."
    ),
    Failure.PROCESSOR_ERROR: N_(
        "The card processor could not answer. You were not charged. Please try again in a minute."
    ),
    Failure.ABANDONED: N_("The payment did not finish. You were not charged. You can submit it again."),
    Failure.NOT_AUTHENTICATED: (
        N_("Your bank could not confirm that it was you. You were not charged. Submit again, or use another card.")
    ),
    Failure.WRONG_AMOUNT: (
        N_(
            "The card processor charged another amount than we asked for. All of it is going back to your card. "
            "You can submit again."
        )
    ),
}


@dataclass(frozen=True, slots=True)
class PurchaseView:
    """A purchase as the wizard shows it. `action_url` is a page of the buyer's bank, where the step `ACTION` is done."""

    id: str
    facility_id: int
    facility: str
    facility_place: str
    credits: int
    price: str
    total: str
    total_cents: int
    status: str
    step: PurchaseStep
    card_label: str
    saves_card: bool
    failure: str
    receipt_number: str
    action_url: str


def receipt_number(purchase_id: str) -> str:
    """The receipt number of a purchase, always the same one: `RX-7K3M-92QF-TR4D`.

    It is sixty bits of a hash of the random purchase id, so it cannot be guessed, and a hundred million do not collide.
    """
    bits = int.from_bytes(hashlib.sha256(purchase_id.encode()).digest()[:8], "big")
    letters = "".join(_ALPHABET[bits >> shift & 31] for shift in range(0, 60, 5))
    return f"RX-{letters[:4]}-{letters[4:8]}-{letters[8:]}"
