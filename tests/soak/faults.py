"""Twelve kinds of processor fault: the buyer must always see the truth, and every check must end.

Each run is one family that buys and requests a refund during a fault. After every step the page is compared with the
sandbox's real charges.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from random import Random

from sqlmodel import Session, select

from rxconnect import db
from rxconnect.config import settings
from rxconnect.domain.purchases import Failure, PurchaseStatus
from rxconnect.domain.refunds import Cause, RefundStatus
from rxconnect.models import Refund
from rxconnect.payments.published import BY_NAME
from rxconnect.payments.sandbox_faults import Fault
from rxconnect.services.money import processor, wallets
from rxconnect.services.purchases import charges, checkout, purchases, webhooks
from rxconnect.services.refunds import refunds
from tests.services.buying import VISA, new_card, order
from tests.services.moneyed import intent_of
from tests.soak import books, worlds
from tests.soak.worlds import World, reconcile

_CREDITS, _CENTS = 20, 500
_LEASE, _BANK = charges.LEASE.total_seconds() + 1, charges.BUYER_ACTS.total_seconds() + 1
_BUYING = ("create_intent", "confirm", "retrieve", "cancel")
_REFUNDING = ("refund", "retrieve_refund")
# Rounds of the jobs: more than the planned faults.
_ROUNDS = 12

LATE_EVENTS, ABANDONED, REFUSED, DISPUTED = (
    "late events",
    "abandoned 3-D Secure",
    "refused 3-D Secure",
    "a dispute after",
)
KINDS = (*Fault, LATE_EVENTS, ABANDONED, REFUSED, DISPUTED)


def soak(address: str, *, times: int, kinds: tuple[str, ...] = KINDS) -> list[str]:
    """Run every kind so many times. Returns the violations."""
    found = []
    for kind in kinds:
        with worlds.database(address):
            world = worlds.build()
            for seed in range(times):
                run = Run(world, seed, kind)
                run.live()
                found += [f"{kind}, run {seed}: {sentence}" for sentence in [*run.untrue, *books.violations()]]
    return found


class Run:
    """One family, from choosing an amount until its last refund has ended."""

    def __init__(self, world: World, seed: int, kind: str):
        self.untrue: list[str] = []
        self._seed, self._kind, self._random = seed, kind, Random(f"{kind} {seed}")
        self._place = world.place
        self._family, _ = world.family()

    def live(self) -> None:
        """Buy during a fault, wait, buy again if it was not paid, and refund some of it during another fault."""
        number = BY_NAME["asks"].number if self._kind in (ABANDONED, REFUSED) else VISA
        self._purchase_id = order(self._family, self._place, _CREDITS, number=number)
        self._look("chosen")
        with self._failing(_BUYING):
            self._submit()
            self._wait()
        if self._look("ended") is not PurchaseStatus.PAID:
            self._buy_undisturbed()
        with self._failing(_REFUNDING):
            self._refund()
        if self._kind == DISPUTED:
            self._dispute()
        if self._random.random() < 0.5:
            self._deliver_events()
        self._look("long after")

    @contextmanager
    def _failing(self, methods: tuple[str, ...]) -> Iterator[None]:
        """Make the processor fail in these methods inside the block, and only there."""
        sandbox = processor.sandbox()
        if self._kind == Fault.WRONG_AMOUNT:
            sandbox.plan("charge", Fault.WRONG_AMOUNT)
        elif isinstance(self._kind, Fault):
            # Each method in turn fails for certain, others at random.
            certain = methods[self._seed % len(methods)]
            for method in methods:
                if method == certain or self._random.random() < 0.3:
                    sandbox.plan(method, self._kind, self._random.randint(1, 3))
        elif self._kind == LATE_EVENTS and methods is _BUYING:
            sandbox.plan("confirm", Fault.TIMEOUT_AFTER)
        yield
        with closing(sqlite3.connect(settings().data_dir / "sandbox.db")) as file, file:
            file.execute("DELETE FROM fault")

    def _submit(self) -> None:
        for _ in range(self._random.randint(1, 3)):
            checkout.submit(self._family, self._purchase_id)
            self._look("submitted")
        if self._kind == LATE_EVENTS:
            self._deliver_events()
        if self._kind == REFUSED and self._random.random() < 0.8:
            processor.sandbox().authenticate(intent_of(self._purchase_id), is_buyer=False)
            self._random.choice([self._come_back, self._deliver_events, lambda: None])()
        if self._kind == ABANDONED and self._random.random() < 0.5:
            self._come_back()

    def _come_back(self) -> None:
        """Return to the review page, from the bank or at any other time."""
        checkout.check_after_bank(self._family, self._purchase_id)
        self._look("back")

    def _wait(self) -> None:
        """Run the jobs until the purchase has ended. It is a violation if it does not."""
        for round_ in range(_ROUNDS):
            if not self._look(f"round {round_}").is_under_way and not self._open_refunds():
                return
            reconcile(_BANK + round_ * _LEASE)
        self.untrue.append("the check did not end")

    def _buy_undisturbed(self) -> None:
        """Submit again with a valid card, after an unpaid purchase."""
        checkout.use_new_card(self._family, self._purchase_id, new_card(VISA), save=False)
        checkout.submit(self._family, self._purchase_id)
        if self._look("submitted again") is not PurchaseStatus.PAID:
            self.untrue.append("an undisturbed purchase was not paid")

    def _refund(self) -> None:
        """Request a refund, perhaps with two presses, and wait until it has ended."""
        press = secrets.token_hex(8)
        for _ in range(self._random.randint(1, 2)):
            refunds.request_refund(self._family, self._place, 8, press)
        for round_ in range(_ROUNDS):
            if not self._open_refunds():
                break
            reconcile((round_ + 1) * _LEASE)
        has = db.read(wallets.balance, self._family.account_id, self._place)
        if has != _CREDITS - 8:
            self.untrue.append(f"after a refund of 8 credits, {has} were left")

    def _open_refunds(self) -> bool:
        mine = select(Refund).where(Refund.account_id == self._family.account_id, Refund.status == RefundStatus.PENDING)
        return db.read(lambda session: session.exec(mine).first()) is not None

    def _dispute(self) -> None:
        dispute_id = processor.sandbox().open_dispute(intent_of(self._purchase_id))
        self._deliver_events()
        if self._random.random() < 0.7:
            processor.sandbox().close_dispute(dispute_id, is_won=self._random.random() < 0.5)
            self._deliver_events()

    def _deliver_events(self) -> None:
        """Deliver the processor's webhooks, some of them twice, in any order."""
        events = processor.sandbox().events()[-12:]
        for event in self._random.sample(events * 2, self._random.randint(len(events), 2 * len(events))):
            webhooks.receive(*event)
            self._look("told")

    def _look(self, when: str) -> PurchaseStatus:
        """Compare the family's view with the real charges."""
        shown = db.read(purchases.get, self._family, self._purchase_id)
        status = PurchaseStatus(shown.status)
        lie = _lie(self._purchase_id, status, shown.failure)
        if lie:
            self.untrue.append(f"{when}: {lie}")
        return status


def _lie(purchase_id: str, status: PurchaseStatus, failure: str) -> str:
    """The false claim in a purchase's view, or "".

    A purchase in progress only claims that it is being checked and that nothing is charged twice.
    """
    given_back = db.read(_given_back, purchase_id)
    charged = [cents for _, cents in books.charged(purchase_id)]
    kept = list(charged)
    for cents in given_back:
        kept.remove(cents)
    if status.has_receipt:
        return "" if kept == [_CENTS] else f"paid, and {charged} were charged"
    if status.is_under_way:
        return "" if len(kept) <= 1 else f"charged twice: {charged}"
    if kept:
        return f"{status}, and {charged} were charged"
    says_wrong = failure == Failure.WRONG_AMOUNT.sentence
    says_nothing = "You were not charged" in failure
    is_told = says_wrong if given_back else says_nothing
    return "" if is_told or status is PurchaseStatus.DRAFT else f"{charged} were charged, and the page says {failure!r}"


def _given_back(session: Session, purchase_id: str) -> list[int]:
    """The cents of wrong charges that are refunded or being refunded."""
    mine = select(Refund.cents).where(Refund.purchase_id == purchase_id, Refund.cause == Cause.CORRECTION)
    return list(session.exec(mine))
