"""Every processor there is, and what surrounds it: browsers that make tokens, banks that decide, events that are posted."""

from __future__ import annotations

import itertools
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

from rxconnect.domain import clock
from rxconnect.payments import sandbox_events
from rxconnect.payments.port import Processor
from rxconnect.payments.published import BY_NAME
from rxconnect.payments.sandbox import Sandbox
from rxconnect.payments.sandbox_faults import Fault
from rxconnect.payments.stripe_processor import StripeProcessor
from tests.payments.fake_stripe import SECRET_KEY, WEBHOOK_SECRET, FakeStripe, sign

POSTCODE = "99362"
WRONG_CVV = "000"


class World(Protocol):
    """A processor with everybody who deals with it besides us."""

    processor: Processor

    def card(self, name: str = "visa", cvv: str = "737") -> str:
        """The token of a published card, as a browser makes it."""

    def cvv(self, cvv: str = "737") -> str:
        """The token of a CVV that was typed again."""

    def authenticate(self, intent_id: str, *, is_buyer: bool) -> str:
        """What the buyer answers at their bank; where that sends them back to."""

    def open_dispute(self, intent_id: str) -> str:
        """The buyer's bank takes back what is left of a payment."""

    def close_dispute(self, dispute_id: str, *, is_won: bool) -> None:
        """The bank decides."""

    def events(self) -> list[tuple[bytes, str]]:
        """Every event so far, oldest first, as it would be posted now: body and signature."""

    def sign(self, body: bytes) -> str:
        """The signature of whatever body."""

    def plan(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let a method fail the next so many times."""

    def days_pass(self) -> None:
        """The processor forgets what it keeps for a day or so only."""


def expires() -> tuple[int, int]:
    """Month and year of every card here."""
    return 12, clock.now().year + 3


class SandboxWorld:
    """See `World`."""

    def __init__(self, folder: Path):
        self._file = folder / "sandbox.db"
        self.processor = self._sandbox = Sandbox(self._file, slow_seconds=0)
        self.authenticate = self._sandbox.authenticate
        self.open_dispute = self._sandbox.open_dispute
        self.close_dispute = self._sandbox.close_dispute
        self.events = self._sandbox.events
        self.plan = self._sandbox.plan

    def card(self, name: str = "visa", cvv: str = "737") -> str:
        month, year = expires()
        return self._sandbox.tokenize(BY_NAME[name].number, f"{month}/{year % 100}", cvv, POSTCODE)[0]

    def cvv(self, cvv: str = "737") -> str:
        return self._sandbox.tokenize_cvv(cvv)

    def sign(self, body: bytes) -> str:
        with closing(sqlite3.connect(self._file)) as file:
            (secret,) = file.execute("SELECT webhook FROM secret").fetchone()
        return sandbox_events.signature_of(body, secret, int(time.time()))

    def days_pass(self) -> None:
        """The sandbox never forgets."""


class StripeWorld:
    """See `World`."""

    def __init__(self, fake: FakeStripe):
        self.fake = fake
        self.processor = StripeProcessor(SECRET_KEY, WEBHOOK_SECRET, api_base=fake.url)
        self.authenticate = fake.authenticate
        self.open_dispute = fake.open_dispute
        self.close_dispute = fake.close_dispute
        self.events = fake.events
        self.sign = sign
        self.plan = fake.plan
        self.days_pass = fake.forget_keys

    def card(self, name: str = "visa", cvv: str = "737") -> str:
        return self.fake.new_card(BY_NAME[name].number, *expires(), cvv, POSTCODE)["id"]

    def cvv(self, cvv: str = "737") -> str:
        return self.fake.new_cvc(cvv)["id"]


@contextmanager
def fake_stripe() -> Iterator[FakeStripe]:
    """A stand-in for Stripe that listens on loopback inside the block."""
    fake = FakeStripe()
    server = fake.serve()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()


class Buyer:
    """Somebody who buys in a world: every intent of theirs has a new key."""

    def __init__(self, world: World):
        self.world, self._processor = world, world.processor
        self.customer = self._processor.create_customer(f"customer:{next(_count)}")

    def intent(self, cents: int = 500, key: str = "") -> tuple[str, str]:
        """A new intent and the key it was made with."""
        key = key or f"purchase{next(_count)}:1"
        return self._processor.create_intent(key, cents, self.customer), key

    def pay(self, cents: int = 500, token: str = "", cvc_token: str = "", **more: object) -> str:
        """The id of an intent that was confirmed, with whatever outcome."""
        intent_id, key = self.intent(cents)
        self._processor.confirm(intent_id, key, token or self.world.card(), cvc_token, **more)  # type: ignore[arg-type]
        return intent_id

    def stored_card(self, name: str = "visa") -> str:
        """A card that paid to be stored, and is."""
        token = self.world.card(name)
        intent_id, key = self.intent()
        self._processor.confirm(intent_id, key, token, "", saves_card=True, return_url="http://127.0.0.1/back")
        self.world.authenticate(intent_id, is_buyer=True)
        return self._processor.store_card(token, self.customer)


_count = itertools.count(1)
