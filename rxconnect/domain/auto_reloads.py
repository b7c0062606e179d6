"""Auto-reloads, which buy credits whenever a wallet runs low: terms, reasons to pause, and read models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rxconnect.domain.purchases import Failure, PurchaseStatus
from rxconnect.i18n import N_, _

CAP_MAX_CENTS = 100_000

# The purchases that count against a month's cap: those that were charged, and those whose outcome is not known yet. A
# refund does not lower the sum: a family that gets money back does not expect us to take it again.
CHARGED = frozenset(status for status in PurchaseStatus if status.has_receipt or status.is_under_way)


class Pause(StrEnum):
    """The reason why an auto-reload stopped by itself. It charges nothing until the family turns it on again."""

    PRICE_CHANGED = "price changed"
    AMOUNT_NOT_SOLD = "amount not sold"
    CARD_REMOVED = "card removed"
    CARD_EXPIRED = "card expired"
    DECLINED = "declined"
    INSUFFICIENT_FUNDS = "insufficient funds"
    NOT_AUTHENTICATED = "not authenticated"
    WRONG_AMOUNT = "wrong amount"
    NO_ANSWER = "no answer"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    NOBODY_THERE = "nobody there"

    @property
    def sentence(self) -> str:
        """The sentence for the family: what happened, and what to do."""
        return _(_PAUSES[self])

    @classmethod
    def after(cls, failure: Failure) -> Pause:
        """The reason to pause after a payment with this failure."""
        return _AFTER[failure]


_PAUSES = {
    Pause.PRICE_CHANGED: N_("The facility has changed its price, and you have not agreed to the new one yet."),
    Pause.AMOUNT_NOT_SOLD: N_(
        "The facility does not sell this many credits at a time any more. Choose another number."
    ),
    Pause.CARD_REMOVED: N_("The card was removed. Choose another card."),
    Pause.CARD_EXPIRED: N_("The card has expired. Correct its expiry date or choose another card."),
    Pause.DECLINED: N_("Your bank declined the card. You were not charged. Choose another card, or call your bank."),
    Pause.INSUFFICIENT_FUNDS: N_("The card did not have enough money available. You were not charged."),
    Pause.NOT_AUTHENTICATED: (
        N_(
            "Your bank wants to hear from you for each payment with this card, so it cannot be charged while you are away. "
            "You were not charged. Choose another card."
        )
    ),
    Pause.WRONG_AMOUNT: (
        N_("The card processor charged another amount than we asked for. All of it is going back to your card.")
    ),
    Pause.NO_ANSWER: N_("The card processor could not answer. You were not charged."),
    Pause.REFUNDED: N_("Credits here were refunded, so we did not buy new ones."),
    Pause.DISPUTED: N_("Your bank is looking into a payment for credits here, so we did not buy new ones."),
    Pause.NOBODY_THERE: N_("None of your contacts is at this facility now, so we did not buy credits for it."),
}

_AFTER = {
    Failure.DECLINED: Pause.DECLINED,
    Failure.INSUFFICIENT_FUNDS: Pause.INSUFFICIENT_FUNDS,
    Failure.EXPIRED_CARD: Pause.CARD_EXPIRED,
    # An auto-reload sends no CVV, so this means that the bank declined.
    Failure.WRONG_CVV: Pause.DECLINED,
    Failure.PROCESSOR_ERROR: Pause.NO_ANSWER,
    Failure.ABANDONED: Pause.NO_ANSWER,
    Failure.NOT_AUTHENTICATED: Pause.NOT_AUTHENTICATED,
    Failure.WRONG_AMOUNT: Pause.WRONG_AMOUNT,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """The family's terms: buy `credits` at `price_cents` below `level`, up to `cap_cents` a month."""

    level: int
    credits: int
    price_cents: int
    cap_cents: int
    card_id: int

    @property
    def cost_cents(self) -> int:
        """The cost of one reload."""
        return self.credits * self.price_cents


@dataclass(frozen=True, slots=True)
class ReloadView:
    """One reload of this month as shown. `number` is its receipt's, "" when nothing was charged."""

    at: str
    what: str
    number: str
    label: str
    tone: str


@dataclass(frozen=True, slots=True)
class AutoReloadView:
    """An auto-reload as shown. `is_new` marks a suggestion that is not stored; `paused` is a sentence, `rests_until` a day."""

    facility_id: int
    facility: str
    is_new: bool
    is_on: bool
    paused: str
    level: int
    credits: int
    price_cents: int
    cap_cents: int
    card_id: int
    summary: str
    unused: int
    spent: str
    rests_until: str
    this_month: list[ReloadView]


def month_start(moment: datetime, zone: str) -> datetime:
    """The start of the calendar month of `moment` in the time zone `zone`."""
    return moment.astimezone(ZoneInfo(zone)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month_start(moment: datetime, zone: str) -> datetime:
    """The start of the calendar month after that of `moment` in the time zone `zone`."""
    return month_start(month_start(moment, zone) + timedelta(days=32), zone)
