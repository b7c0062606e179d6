"""The interface of a card processor, the same for every processor.

A processor never sees a purchase, and RxConnect never sees a card's number or CVV: the browser sends those to the
processor and gets tokens. A payment is an *intent*: it is made first, so that its id can be stored, and then confirmed
once. A *refund* returns money to the card of an intent. In a *dispute* the buyer's bank takes the money back by itself.
Signed *events* tell us that an object has changed at the processor; we take only the object's id from them, and ask for
its state.
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
    """The processor did not answer, or its answer cannot be read. It may or may not have done the work."""


class UnknownToken(Exception):
    """The processor does not know the token: it never existed, or it was for one use and was used."""


class ForgedEvent(Exception):
    """An event was not signed by the processor, is too old, or cannot be read."""


class IntentState(StrEnum):
    """The state of a payment at the processor. `succeeded` and `canceled` are final; a `failed` one may be tried again.

    `requires_action` waits for the buyer, who must confirm the payment at their bank (3-D Secure).
    """

    UNCONFIRMED = "unconfirmed"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of an intent. `failure` is set if and only if it failed, `action_url` if it requires action.

    `amount_cents` is the amount that was really charged; None if nothing was charged.
    """

    state: IntentState
    failure: Failure | None = None
    amount_cents: int | None = None
    action_url: str = ""


class RefundState(StrEnum):
    """The state of a refund at the processor. A `pending` refund was accepted, and ends in one of the other states."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RefundOutcome:
    """The outcome of a refund. `id` is "" when the processor refused to begin one."""

    id: str
    state: RefundState


class DisputeState(StrEnum):
    """The state of a dispute. While it is `open` the bank has the money; if it is `lost` the bank keeps it."""

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
    """The facts that a processor gives about a card. `brand` is a key of `domain.cards.BRANDS`."""

    brand: str
    last_four: str
    expiry_month: int
    expiry_year: int
    postcode: str


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """A charged payment in the processor's books. `key` is the key that its intent was made with."""

    intent_id: str
    key: str
    amount_cents: int
    refunded_cents: int
    at: datetime


class About(StrEnum):
    """The kind of object that an event is about. Kinds that do not concern us are `other`."""

    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to the intent, refund or dispute `object_id`. `id` is the event's own, equal when it is sent
    again.

    Raises `ForgedEvent` for a malformed id, even a signed one, because we query the database and the processor with it.
    """

    id: str
    about: About
    object_id: str

    def __post_init__(self) -> None:
        ids = [self.id] if self.about is About.OTHER else [self.id, self.object_id]
        if not all(isinstance(one, str) and _ID.fullmatch(one) for one in ids):
            raise ForgedEvent("its ids are none")


class Processor(Protocol):
    """A card processor. Every method raises `ProcessorUnavailable`; methods that take a card's token raise
    `UnknownToken`.

    A `key` is an idempotency key that never expires: a second call with the same key repeats the first answer.
    """

    def create_customer(self, key: str) -> str:
        """Make a customer, who owns stored cards. Returns the customer's token."""

    def describe(self, token: str) -> CardDetails:
        """The facts about the card behind a token."""

    def store_card(self, token: str, customer: str) -> str:
        """Store the card of a token for later payments of this customer. Returns its lasting token, always the same."""

    def update_card(self, token: str, *, expiry_month: int, expiry_year: int, postcode: str) -> None:
        """Correct a stored card's expiry date and billing ZIP code."""

    def forget_card(self, token: str) -> None:
        """Delete a stored card, so that it is never charged again. A card that is already deleted is no error."""

    def create_intent(self, key: str, amount_cents: int, customer: str) -> str:
        """Make an intent and return its id. This charges nothing."""

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
        """Charge the card, at most once for each `key`. A refusal is an outcome, not an error, and is repeated as well.

        `cvc_token` is "" for a card whose CVV came with its token. With `off_session` the buyer is absent, so a card
        that requires action is refused. A buyer who has to act comes back to `return_url`.
        """

    def retrieve(self, intent_id: str) -> Outcome:
        """The present outcome of an intent."""

    def cancel(self, intent_id: str) -> Outcome:
        """Cancel an intent, so that it is never charged. An intent that was charged already keeps that outcome."""

    def refund(self, intent_id: str, key: str, amount_cents: int) -> RefundOutcome:
        """Pay a part of a charged intent back to its card, once for each `key`, and never more than was charged."""

    def retrieve_refund(self, refund_id: str) -> RefundOutcome:
        """The present outcome of a refund."""

    def retrieve_dispute(self, dispute_id: str) -> DisputeRecord:
        """The present state of a dispute."""

    def payments(self, since: datetime, until: datetime) -> Iterator[PaymentRecord]:
        """Every payment that was charged from `since` until before `until`."""

    def read_event(self, body: bytes, signature: str) -> Event:
        """The event in a webhook's body. Raises `ForgedEvent` unless the processor signed it in the last minutes."""
