"""Repeated presses and webhooks, concurrent, shuffled and late: each must take effect once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from sqlmodel import func, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.purchases import receipt_number
from rxconnect.models import Journal, Purchase, Receipt, Refund
from rxconnect.payments.published import BY_NAME
from rxconnect.services.money import processor, wallets
from rxconnect.services.purchases import checkout, webhooks
from rxconnect.services.purchases.webhooks import Taken
from rxconnect.services.refunds import refund_payouts, refunds
from tests.services.buying import VISA, order
from tests.services.moneyed import intent_of
from tests.services.scheduling.running import run_job
from tests.soak import books
from tests.soak.worlds import World

SUBMITS, WEBHOOKS = 10, 5
# Concurrent presses, as in a worker.
_THREADS = 8
_CREDITS, _REFUNDED = 20, 5
_ASKS = BY_NAME["asks"].number
# Every second purchase needs a confirmation at the bank, so that the webhooks and the buyer race to settle it.
_NUMBERS = (VISA, _ASKS)
# A processor retries an unacknowledged webhook for days.
_LATE = timedelta(days=2)


@dataclass(frozen=True)
class _Deal:
    """A family's only purchase."""

    family: Actor
    purchase_id: str


def soak(world: World, purchases: int, random: Random) -> list[str]:
    """Run purchases concurrently, each with ten submits, ten refunds and each webhook five times. Returns violations."""
    families = [world.family()[0] for _ in range(purchases)]
    deals = [
        _Deal(family, order(family, world.place, _CREDITS, number=_NUMBERS[number % 2]))
        for number, family in enumerate(families)
    ]
    _all_at_once(random, [_later(checkout.submit, deal.family, deal.purchase_id) for deal in deals] * SUBMITS)
    for deal in deals:
        processor.sandbox().authenticate(intent_of(deal.purchase_id), is_buyer=True)
    _all_at_once(
        random,
        [_later(checkout.check_after_bank, deal.family, deal.purchase_id) for deal in deals] * SUBMITS
        + _news() * WEBHOOKS,
    )
    _all_at_once(
        random,
        [
            _later(refunds.request_refund, deal.family, world.place, _REFUNDED, f"press-{deal.purchase_id[:24]}")
            for deal in deals
        ]
        * SUBMITS,
    )
    _all_at_once(random, _news() * WEBHOOKS)
    with clock.at(clock.now() + _LATE):
        run_job(checkout.reconcile)
        run_job(refund_payouts.carry_out_due)
        for tell in _news():
            tell()
    return [sentence for deal in deals for sentence in _wrong(world, deal)] + books.violations()


def _later(do: Callable[..., Any], *given: Any) -> Callable[[], Any]:
    return lambda: do(*given)


def _news() -> list[Callable[[], Any]]:
    """A call that delivers each of the processor's events so far."""
    return [_later(_tell, body, signature) for body, signature in processor.sandbox().events()]


def _tell(body: bytes, signature: str) -> None:
    assert webhooks.receive(body, signature) is Taken.IN


def _all_at_once(random: Random, deeds: Iterable[Callable[[], Any]]) -> None:
    """Run them all concurrently, in random order. Raises the error of any of them."""
    shuffled = list(deeds)
    random.shuffle(shuffled)
    with ThreadPoolExecutor(_THREADS) as pool:
        for done in [pool.submit(deed) for deed in shuffled]:
            done.result()


def _wrong(world: World, deal: _Deal) -> list[str]:
    """The differences of a purchase from a single run."""
    with db.reading() as session:

        def count(model: Any, *which: Any) -> int:
            return session.exec(select(func.count()).select_from(model).where(*which)).one()

        found = {
            "charges": len(books.charged(deal.purchase_id)),
            "attempts": session.get_one(Purchase, deal.purchase_id).attempt,
            "journals": count(Journal, Journal.subject == f"purchase:{deal.purchase_id}"),
            "receipts": count(Receipt, Receipt.number == receipt_number(deal.purchase_id)),
            "refunds": count(Refund, Refund.purchase_id == deal.purchase_id),
        }
        left = wallets.balance(session, deal.family.account_id, world.place)
    told = [f"Purchase {deal.purchase_id} has {number} {what}." for what, number in found.items() if number != 1]
    if left != _CREDITS - _REFUNDED:
        told.append(f"The buyer of {deal.purchase_id} has {left} credits.")
    return told
