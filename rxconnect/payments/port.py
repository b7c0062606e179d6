"""What RxConnect asks of a card processor, whichever it is.

A processor never sees a purchase, and RxConnect never sees a number or a CVV: the browser gives those to the processor
and gets tokens. A payment is an *intent*: made first, so that its id can be kept, then confirmed, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rxconnect.domain.purchases import Failure


class ProcessorUnavailable(Exception):
    """The processor did not answer, or not to this question. Whether it did what was asked is not known."""


class UnknownToken(Exception):
    """The processor knows no such token: it was never given out, or it was for one use and used."""


class IntentState(StrEnum):
    """Where a payment stands at the processor. All but `unconfirmed` are final."""

    UNCONFIRMED = "unconfirmed"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an intent. `failure` is set if and only if it failed."""

    state: IntentState
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class CardDetails:
    """What a processor tells of a card. `brand` is a key of `domain.cards.BRANDS`."""

    brand: str
    last_four: str
    expiry_month: int
    expiry_year: int
    postcode: str


class Processor(Protocol):
    """A card processor. Every method raises `ProcessorUnavailable`; those given a card's token, `UnknownToken`."""

    def describe(self, token: str) -> CardDetails:
        """The card behind a token."""

    def store_card(self, token: str) -> str:
        """Keep the card of a payment token for later payments: its lasting token, the same one every time."""

    def update_card(self, token: str, *, expiry_month: int, expiry_year: int, postcode: str) -> None:
        """Correct what may change on a stored card."""

    def create_intent(self, key: str, amount_cents: int) -> str:
        """Announce a payment and return its id, the same one for the same `key`. Charges nothing."""

    def confirm(self, intent_id: str, key: str, token: str, cvc_token: str) -> Outcome:
        """Charge the card, at most once a `key`: a repeated key gets the first answer again, a refusal included.

        `cvc_token` is "" for a card whose CVV came with its token. A refusal is an outcome, not an error.
        """

    def retrieve(self, intent_id: str) -> Outcome:
        """What became of an intent so far."""

    def cancel(self, intent_id: str) -> Outcome:
        """See to it that an intent is never charged; one that has an outcome already keeps it."""
