"""Refunds: causes, statuses and read models."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rxconnect.i18n import N_, _

REASON_MAX = 200


class Cause(StrEnum):
    """The cause of a refund."""

    ASKED = "asked"
    STAFF = "staff"
    RELEASED = "released"
    CLOSED = "closed"
    CORRECTION = "correction"

    @property
    def label(self) -> str:
        """The cause as the family reads it."""
        return _(_CAUSES[self])

    @property
    def is_departure(self) -> bool:
        """Whether the refund was automatic, after a release or a closed account."""
        return self in (Cause.RELEASED, Cause.CLOSED)


_CAUSES = {
    Cause.ASKED: N_("You asked for it"),
    Cause.STAFF: N_("By the facility's staff"),
    Cause.RELEASED: N_("Your person was released"),
    Cause.CLOSED: N_("You closed your account"),
    Cause.CORRECTION: N_("The card processor charged a wrong amount"),
}


class RefundStatus(StrEnum):
    """The status of a refund. A `failed` one returned its credits to the wallet."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """The status as the family reads it."""
        return {"pending": _("On its way"), "paid": _("Refunded"), "failed": _("Not possible")}[self.value]


@dataclass(frozen=True, slots=True)
class RefundOffer:
    """An offer to refund a part of one purchase: `credits`, for `cents`, to the card that paid."""

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
