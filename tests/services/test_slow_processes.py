"""A process that was slower than its lease, while another finished for it: what it does late harms nobody."""

from __future__ import annotations

import secrets

import pytest

from rxconnect import db
from rxconnect.config import settings
from rxconnect.payments.sandbox import Sandbox
from rxconnect.services.money import processor, wallets
from rxconnect.services.purchases import charges, checkout, purchases
from rxconnect.services.refunds import refunds
from tests.services.buying import booked_cents, buy, charged_cents, order
from tests.soak.worlds import reconcile

_LATE = charges.LEASE.total_seconds() + 1


class Slow(Sandbox):
    """A sandbox so slow at one question, before it acts or after, that the jobs have finished by then."""

    def __init__(self, question: str, *, acts_first: bool):
        super().__init__(settings().data_dir / "sandbox.db")
        self._question, self._acts_first = question, acts_first

    def __getattribute__(self, name):
        answer = super().__getattribute__(name)
        if name.startswith("_") or name != self._question:
            return answer

        def ask(*given, **options):
            # The jobs themselves are quick.
            self._question = ""
            if self._acts_first:
                answered = answer(*given, **options)
                reconcile(_LATE)
                return answered
            reconcile(_LATE)
            return answer(*given, **options)

        return ask


@pytest.mark.parametrize("acts_first", [True, False])
@pytest.mark.parametrize("question", ["create_customer", "create_intent", "confirm", "store_card"])
def test_a_charge_that_outlives_its_lease_is_made_once_or_not_at_all(actor, facility, question, acts_first):
    buyer, place = actor(), facility(price_cents=25)
    purchase_id = order(buyer, place, save=True)
    with processor.using(Slow(question, acts_first=acts_first)):
        shown = checkout.submit(buyer, purchase_id)
    was_charged = (question, acts_first) == ("confirm", True) or question == "store_card"
    assert shown == db.read(purchases.get, buyer, purchase_id)
    assert shown.status == ("paid" if was_charged else "failed")
    assert charged_cents() == booked_cents() == (500 if was_charged else 0)

    assert checkout.submit(buyer, purchase_id).status == "paid"
    assert charged_cents() == booked_cents() == 500
    assert db.read(wallets.balance, buyer.account_id, place) == 20


@pytest.mark.parametrize("acts_first", [True, False])
def test_a_refund_that_outlives_its_lease_is_paid_once(actor, facility, acts_first):
    buyer, place = actor(), facility(price_cents=25)
    buy(buyer, place)
    with processor.using(Slow("refund", acts_first=acts_first)):
        (asked,) = refunds.request_refund(buyer, place, 8, secrets.token_hex(8))
    assert (asked.status, asked.cents) == ("paid", 200)
    assert booked_cents() == charged_cents() - 200
    assert db.read(wallets.balance, buyer.account_id, place) == 12
