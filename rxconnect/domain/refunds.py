"""Refunds: causes, statuses and read models."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

REASON_MAX = 200


class Cause(StrEnum):
    """Why money goes back to a card."""

    ASKED = "asked"
    STAFF = "staff"
    RELEASED = "released"
    CLOSED = "closed"
    CORRECTION = "correction"

    @property
    def label(self) -> str:
        """The cause as the family reads it."""
        return _CAUSES[self]

    @property
    def is_departure(self) -> bool:
        """Whether nobody asked for it: the wallet was emptied because somebody left."""
        return self in (Cause.RELEASED, Cause.CLOSED)


_CAUSES = {
    Cause.ASKED: "You asked for it",
    Cause.STAFF: "By the facility's staff",
    Cause.RELEASED: "Your person was released",
    Cause.CLOSED: "You closed your account",
    Cause.CORRECTION: "The card processor charged a wrong amount",
}


class RefundStatus(StrEnum):
    """The status of a refund. A `failed` one gave its credits back to the wallet."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """The status as the family reads it."""
        return {"pending": "On its way", "paid": "Refunded", "failed": "Not possible"}[self.value]


@dataclass(frozen=True, slots=True)
class RefundOffer:
    """What could be refunded of one purchase: `credits`, for `cents`, to the card that paid."""

    credits: int
    cents: int
    amount: str
    card_label: str


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund as shown beside its receipt. `at` is when it was requested."""

    id: str
    receipt_number: str
    facility: str
    credits: int
    cents: int
    amount: str
    card_label: str
    cause: str
    reason: str
    status: str
    status_label: str
    at: str
