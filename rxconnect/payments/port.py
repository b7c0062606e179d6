"""What RxConnect asks of a card processor, whichever it is.

A processor never sees a purchase, and RxConnect never sees a number or a CVV: the browser gives those to the processor
and gets tokens. A payment is an *intent*: made first, so that its id can be kept, then confirmed, once. Money goes back
to the card of an intent by a *refund*. A *dispute* is a buyer's bank taking the money back by itself. What happens at
the processor while nobody asks is told by signed *events*; we believe what they are about, and ask again what is true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from rxconnect.domain.purchases import Failure

_ID = re.compile(r"[A-Za-z0-9_]{1,80}")


class ProcessorUnavailable(Exception):
    """The processor did not answer, or not to this question. Whether it did what was asked is not known."""


class UnknownToken(Exception):
    """The processor knows no such token: it was never given out, or it was for one use and used."""


class ForgedEvent(Exception):
    """An event was not signed by the processor, is too old, or cannot be read."""


class IntentState(StrEnum):
    """Where a payment stands at the processor. `succeeded` and `canceled` are final; a `failed` one may be tried again.

    `requires_action` waits for the buyer, whose bank wants to know that it is them (3-D Secure).
    """

    UNCONFIRMED = "unconfirmed"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an intent. `failure` is set if and only if it failed, `action_url` if it requires action.

    `amount_cents` is what was really charged; None where nothing was.
    """

    state: IntentState
    failure: Failure | None = None
    amount_cents: int | None = None
    action_url: str = ""


class RefundState(StrEnum):
    """Where a refund stands at the processor. A `pending` one was accepted, and will end as one of the others."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RefundOutcome:
    """A refund at the processor. `id` is "" when it refused to begin one."""

    id: str
    state: RefundState


class DisputeState(StrEnum):
    """Where a dispute stands: the bank has taken the money while it is `open` and keeps it when it is `lost`."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class DisputeRecord:
    """A dispute at the processor, about the payment of one intent."""

    id: str
    intent_id: str
    amount_cents: int
    state: DisputeState


@dataclass(frozen=True, slots=True)
class CardDetails:
    """What a processor tells of a card. `brand` is a key of `domain.cards.BRANDS`."""

    brand: str
    last_four: str
    expiry_month: int
    expiry_year: int
    postcode: str


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """A payment that was charged, as the processor's books have it. `key` is the one its intent was made with."""

    intent_id: str
    key: str
    amount_cents: int
    refunded_cents: int
    at: datetime


class About(StrEnum):
    """What an event is about. Kinds that do not concern us are `other`."""

    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to the intent, refund or dispute `object_id`. `id` is the event's own, the same every time.

    Raises `ForgedEvent` for what is no id: even signed, it would be asked of our database and of the processor.
    """

    id: str
    about: About
    object_id: str

    def __post_init__(self) -> None:
        ids = [self.id] if self.about is About.OTHER else [self.id, self.object_id]
        if not all(isinstance(one, str) and _ID.fullmatch(one) for one in ids):
            raise ForgedEvent("its ids are none")


class Processor(Protocol):
    """A card processor. Every method raises `ProcessorUnavailable`; those given a card's token, `UnknownToken`.

    A `key` makes a thing happen once: asked again with the same one, whenever that is, the processor gives the first
    answer again.
    """

    def create_customer(self, key: str) -> str:
        """Someone to whom stored cards belong: a token, the same one for the same `key`."""

    def describe(self, token: str) -> CardDetails:
        """The card behind a token."""

    def store_card(self, token: str, customer: str) -> str:
        """Keep the card of a token for later payments of this customer: its lasting token, the same one every time."""

    def update_card(self, token: str, *, expiry_month: int, expiry_year: int, postcode: str) -> None:
        """Correct what may change on a stored card."""

    def forget_card(self, token: str) -> None:
        """Never charge this stored card again. One that is not stored any more is no error."""

    def create_intent(self, key: str, amount_cents: int, customer: str) -> str:
        """Announce a payment and return its id. Charges nothing."""

    def confirm(
        self,
        intent_id: str,
        key: str,
        token: str,
        cvc_token: str,
        *,
        saves_card: bool = False,
        off_session: bool = False,
        return_url: str = "",
    ) -> Outcome:
        """Charge the card, at most once a `key`; a refusal is an outcome, not an error, and is repeated as well.

        `cvc_token` is "" for a card whose CVV came with its token. With `off_session` nobody is there to ask, so that a
        card which requires action is refused. A buyer who has to act comes back to `return_url`.
        """

    def retrieve(self, intent_id: str) -> Outcome:
        """What became of an intent so far."""

    def cancel(self, intent_id: str) -> Outcome:
        """See to it that an intent is never charged; one that was charged already keeps that outcome."""

    def refund(self, intent_id: str, key: str, amount_cents: int) -> RefundOutcome:
        """Pay a part of a charged intent back to its card, once a `key`. Never more than was charged."""

    def retrieve_refund(self, refund_id: str) -> RefundOutcome:
        """Where a refund stands."""

    def retrieve_dispute(self, dispute_id: str) -> DisputeRecord:
        """Where a dispute stands."""

    def payments(self, since: datetime, until: datetime) -> Iterator[PaymentRecord]:
        """Every payment that was charged from `since` until before `until`."""

    def read_event(self, body: bytes, signature: str) -> Event:
        """The event in a webhook's body. Raises `ForgedEvent` unless the processor signed it, minutes ago at most."""
