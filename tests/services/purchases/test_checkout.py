"""Checkout: charged exactly once, whoever presses, declines, fails or dies."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import FacilityClosed, Invalid, NotFound, PriceChanged
from rxconnect.domain.purchases import Failure
from rxconnect.models import Card, Facility, Purchase
from rxconnect.payments.port import IntentState, Outcome, ProcessorUnavailable
from rxconnect.payments.sandbox import Sandbox
from rxconnect.services.money import cards, customers, processor, wallets
from rxconnect.services.purchases import charges, checkout, purchases, receipts
from tests.services.buying import DECLINED, VISA, booked_cents, buy, charged_cents, new_card, order
from tests.services.purchases import crashing_checkout

REFUSALS = {
    DECLINED: Failure.DECLINED,
    "4000000000009995": Failure.INSUFFICIENT_FUNDS,
    "4000000000000069": Failure.EXPIRED_CARD,
    "4000000000000127": Failure.WRONG_CVV,
    "4000000000000119": Failure.PROCESSOR_ERROR,
}


@pytest.fixture
def place(facility):
    return facility(name="Cedar Ridge", price_cents=25)


def row(purchase_id):
    with db.reading() as session:
        return session.get_one(Purchase, purchase_id)


def credits(buyer, place):
    return db.read(wallets.balance, buyer.account_id, place)


def view(buyer, purchase_id):
    return db.read(purchases.get, buyer, purchase_id)


@contextmanager
def lease_over():
    """A moment when whoever was charging has had its time."""
    with clock.at(clock.now() + charges.LEASE + timedelta(seconds=1)):
        yield


def stored_card(buyer, place):
    """A card of the buyer's, stored with a first purchase."""
    buy(buyer, place, save=True)
    return db.read(cards.my_cards, buyer)[0]


def test_a_paid_purchase_delivers_its_credits_and_a_receipt(actor, place):
    buyer = actor()
    paid = buy(buyer, place, 20)
    assert (paid.status, paid.step, paid.failure) == ("paid", "receipt", "")
    assert credits(buyer, place) == 20
    assert charged_cents() == booked_cents() == 500
    assert db.read(receipts.get, buyer, paid.receipt_number).total == "$5.00"


def test_submit_pressed_again_and_again_charges_once(actor, place):
    buyer = actor()
    purchase_id = order(buyer, place)
    views = [checkout.submit(buyer, purchase_id) for _ in range(10)]
    assert len(set(views)) == 1
    assert (charged_cents(), credits(buyer, place)) == (500, 20)


def test_eight_browsers_submitting_at_once_charge_once(actor, place):
    buyer = actor()
    purchase_id = order(buyer, place)
    with ThreadPoolExecutor(8) as pool:
        views = list(pool.map(lambda _: checkout.submit(buyer, purchase_id), range(8)))
    assert {shown.status for shown in views} <= {"paid", "charging"}
    assert view(buyer, purchase_id).status == "paid"
    assert charged_cents() == booked_cents() == 500
    assert (credits(buyer, place), row(purchase_id).attempt) == (20, 1)


@pytest.mark.parametrize(("number", "failure"), REFUSALS.items(), ids=REFUSALS.values())
def test_a_refused_card_charges_nothing_and_another_card_pays(actor, place, number, failure):
    buyer = actor()
    refused = buy(buyer, place, number=number)
    assert (refused.status, refused.failure) == ("failed", failure.sentence)
    assert charged_cents() == booked_cents() == credits(buyer, place) == 0

    chosen = checkout.use_new_card(buyer, refused.id, new_card(VISA), save=False)
    assert (chosen.step, chosen.failure) == ("review", "")
    paid = checkout.submit(buyer, refused.id)
    assert (paid.status, row(paid.id).attempt) == ("paid", 2)
    assert charged_cents() == booked_cents() == 500


@pytest.mark.parametrize(("number", "failure"), REFUSALS.items(), ids=REFUSALS.values())
def test_after_a_refusal_the_wizard_stands_where_it_can_be_mended(actor, place, number, failure):
    refused = buy(actor(), place, number=number)
    assert refused.step == ("payment" if failure.rules_out_card else "review")


def test_a_card_that_expired_since_it_was_entered_is_refused(actor, place):
    buyer = actor()
    purchase_id = order(buyer, place)
    with clock.at(clock.now() + timedelta(days=5 * 366)):
        assert checkout.submit(buyer, purchase_id).failure == Failure.EXPIRED_CARD.sentence


def test_a_stored_card_pays_with_its_cvv_again(actor, place):
    buyer = actor()
    card = stored_card(buyer, place)
    purchase = db.write(purchases.begin_or_change, buyer, facility_id=place, credits=40)
    ready = checkout.use_stored_card(buyer, purchase.id, card.id, processor.sandbox().tokenize_cvv("737"))
    assert (ready.step, ready.card_label) == ("review", "Visa ending 4242")
    assert checkout.submit(buyer, purchase.id).status == "paid"
    assert (row(purchase.id).cvc_token, row(purchase.id).payment_token) == ("", "")
    assert credits(buyer, place) == 60


def test_a_wrong_cvv_asks_for_it_again_and_then_pays(actor, place):
    buyer = actor()
    card = stored_card(buyer, place)
    purchase = db.write(purchases.begin_or_change, buyer, facility_id=place, credits=40)
    checkout.use_stored_card(buyer, purchase.id, card.id, processor.sandbox().tokenize_cvv("000"))
    refused = checkout.submit(buyer, purchase.id)
    assert (refused.failure, refused.step) == (Failure.WRONG_CVV.sentence, "payment")
    with pytest.raises(Invalid, match="card"):
        checkout.submit(buyer, purchase.id)
    checkout.use_stored_card(buyer, purchase.id, card.id, processor.sandbox().tokenize_cvv("737"))
    assert checkout.submit(buyer, purchase.id).status == "paid"


def test_the_token_of_a_cvv_pays_once(actor, place):
    buyer = actor()
    card, cvc_token = stored_card(buyer, place), processor.sandbox().tokenize_cvv("737")
    outcomes = []
    for _ in range(2):
        purchase = db.write(purchases.begin_or_change, buyer, facility_id=place, credits=20)
        checkout.use_stored_card(buyer, purchase.id, card.id, cvc_token)
        outcomes.append(checkout.submit(buyer, purchase.id).failure)
    assert outcomes == ["", Failure.WRONG_CVV.sentence]


@pytest.mark.parametrize("cvc_token", ["", "x" * 81], ids=["none", "too long"])
def test_a_stored_card_needs_a_token_of_its_cvv(actor, place, cvc_token):
    buyer = actor()
    card = stored_card(buyer, place)
    purchase = db.write(purchases.begin_or_change, buyer, facility_id=place, credits=20)
    with pytest.raises(Invalid) as refused:
        checkout.use_stored_card(buyer, purchase.id, card.id, cvc_token)
    assert set(refused.value.fields) == {"cvv"}


def test_an_expired_stored_card_cannot_be_chosen(actor, place):
    buyer = actor()
    card = stored_card(buyer, place)
    with db.transaction() as session:
        session.get_one(Card, card.id).expiry_year = clock.now().year - 1
    purchase = db.write(purchases.begin_or_change, buyer, facility_id=place, credits=20)
    with pytest.raises(Invalid) as refused:
        checkout.use_stored_card(buyer, purchase.id, card.id, "cvc_1")
    assert set(refused.value.fields) == {"card"}


def test_another_persons_stored_card_is_not_found(actor, place):
    card, thief = stored_card(actor(), place), actor()
    purchase = db.write(purchases.begin_or_change, thief, facility_id=place, credits=20)
    with pytest.raises(NotFound):
        checkout.use_stored_card(thief, purchase.id, card.id, "cvc_1")


def test_a_token_that_the_processor_never_gave_out_is_refused(actor, place):
    buyer = actor()
    purchase = db.write(purchases.begin_or_change, buyer, facility_id=place, credits=20)
    with pytest.raises(Invalid) as refused:
        checkout.use_new_card(buyer, purchase.id, "tok_invented", save=True)
    assert set(refused.value.fields) == {"form"}
    with pytest.raises(Invalid):
        checkout.submit(buyer, purchase.id)


def test_a_price_that_changed_is_not_charged_until_it_was_seen(actor, place):
    buyer = actor()
    purchase_id = order(buyer, place, 20)
    with db.transaction() as session:
        session.get_one(Facility, place).price_cents = 30
    with pytest.raises(PriceChanged) as refused:
        checkout.submit(buyer, purchase_id)
    assert refused.value.price_cents == 30
    db.write(purchases.begin_or_change, buyer, facility_id=place, credits=20, purchase_id=purchase_id)
    assert checkout.submit(buyer, purchase_id).total == "$6.00"
    assert charged_cents() == booked_cents() == 600


def test_nothing_is_sold_at_a_facility_that_has_closed_meanwhile(actor, place):
    buyer = actor()
    purchase_id = order(buyer, place)
    with db.transaction() as session:
        session.get_one(Facility, place).opening = "paused"
    with pytest.raises(FacilityClosed):
        checkout.submit(buyer, purchase_id)
    assert charged_cents() == 0


class Silent(Sandbox):
    """A processor that falls silent at one question, before or after doing what was asked."""

    def __init__(self, file: Path, question: str, *, does_it: bool):
        super().__init__(file)
        self._question, self._does_it = question, does_it

    def _answer(self, question, do, *given, **options):
        if question == self._question and not self._does_it:
            raise ProcessorUnavailable
        answer = do(*given, **options)
        if question == self._question:
            raise ProcessorUnavailable
        return answer

    def create_intent(self, *given):
        return self._answer("create", super().create_intent, *given)

    def confirm(self, *given, **options):
        return self._answer("confirm", super().confirm, *given, **options)

    def retrieve(self, *given):
        return self._answer("retrieve", super().retrieve, *given)

    def store_card(self, *given):
        return self._answer("store", super().store_card, *given)


@pytest.mark.parametrize("does_it", [True, False])
def test_a_processor_that_takes_no_intent_charges_nothing(database, actor, place, does_it):
    buyer = actor()
    purchase_id = order(buyer, place)
    with processor.using(Silent(database / "sandbox.db", "create", does_it=does_it)):
        refused = checkout.submit(buyer, purchase_id)
    assert (refused.failure, refused.step) == (Failure.PROCESSOR_ERROR.sentence, "review")
    assert checkout.submit(buyer, purchase_id).status == "paid"
    assert charged_cents() == booked_cents() == 500


@pytest.mark.parametrize(("does_it", "status", "cents"), [(True, "paid", 500), (False, "failed", 0)])
def test_an_answer_that_never_came_is_asked_for_later(database, actor, place, does_it, status, cents):
    buyer = actor()
    purchase_id = order(buyer, place)
    with processor.using(Silent(database / "sandbox.db", "confirm", does_it=does_it)):
        assert checkout.submit(buyer, purchase_id).status == "charging"
    assert checkout.submit(buyer, purchase_id).status == "charging"
    assert checkout.reconcile().done == 0
    with lease_over():
        assert checkout.reconcile().done == 1
        assert checkout.reconcile().done == 0
    assert view(buyer, purchase_id).status == status
    assert charged_cents() == booked_cents() == cents


def test_reconciling_with_a_silent_processor_leaves_the_purchase_for_the_next_time(database, actor, place):
    buyer = actor()
    purchase_id = order(buyer, place)
    with processor.using(Silent(database / "sandbox.db", "confirm", does_it=True)):
        checkout.submit(buyer, purchase_id)
    with lease_over():
        with processor.using(Silent(database / "sandbox.db", "retrieve", does_it=True)):
            assert checkout.reconcile().done == 0
        assert view(buyer, purchase_id).step == "charging"
        assert checkout.reconcile().done == 1
    assert view(buyer, purchase_id).step == "receipt"


def test_credits_that_are_paid_do_not_wait_for_the_card_to_be_stored(database, actor, place):
    buyer = actor()
    with processor.using(Silent(database / "sandbox.db", "store", does_it=False)):
        assert buy(buyer, place, save=True).status == "paid"
    assert db.read(cards.my_cards, buyer) == []


def test_a_card_that_was_stored_before_is_not_kept_twice_by_the_processor_either(database, actor, place):
    buyer = actor()
    for _ in range(2):
        assert buy(buyer, place, save=True).status == "paid"
    with closing(sqlite3.connect(database / "sandbox.db")) as file:
        stored = [row[0] for row in file.execute("SELECT token FROM card WHERE stored_from IS NOT NULL")]
    with db.reading() as session:
        assert session.exec(select(Card.token)).all() == stored
    assert len(stored) == 1


def test_a_process_thought_dead_cannot_disturb_a_later_attempt(actor, place):
    buyer = actor()
    purchase_id = order(buyer, place)
    late = db.write(charges.begin_attempt, buyer, purchase_id)
    with lease_over():
        assert checkout.reconcile().done == 1
    assert view(buyer, purchase_id).failure == Failure.ABANDONED.sentence
    later = db.write(charges.begin_attempt, buyer, purchase_id)
    assert later.key != late.key
    assert not db.write(charges.store_intent, late, "int_late")
    assert not db.write(charges.settle_attempt, late, Outcome(IntentState.CANCELED))
    assert db.write(charges.settle_attempt, later, Outcome(IntentState.SUCCEEDED, amount_cents=500))
    assert not db.write(charges.settle_attempt, later, Outcome(IntentState.CANCELED))
    assert booked_cents() == 500


def test_reconciling_cannot_abandon_an_attempt_that_got_its_intent_meanwhile(actor, place):
    buyer = actor()
    purchase_id = order(buyer, place)
    slow = db.write(charges.begin_attempt, buyer, purchase_id)
    with lease_over():
        (seen,) = db.read(charges.charges_left_open)
    assert db.write(charges.store_intent, slow, "int_1")
    assert not db.write(charges.settle_attempt, seen, Outcome(IntentState.CANCELED))
    assert db.write(
        charges.settle_attempt, replace(slow, intent_id="int_1"), Outcome(IntentState.SUCCEEDED, amount_cents=500)
    )
    assert view(buyer, purchase_id).status == "paid"


def test_an_intent_that_was_cancelled_can_no_longer_be_charged(actor, place):
    buyer = actor()
    purchase_id = order(buyer, place)
    late = db.write(charges.begin_attempt, buyer, purchase_id)
    intent_id = processor.current().create_intent(late.key, late.amount_cents, customers.customer_of(buyer.account_id))
    assert db.write(charges.store_intent, late, intent_id)
    with lease_over():
        assert checkout.reconcile().done == 1
    processor.current().confirm(intent_id, late.key, late.payment_token, "")
    assert charged_cents() == 0


@pytest.mark.parametrize("point", crashing_checkout.POINTS)
def test_a_killed_process_neither_loses_a_purchase_nor_charges_it_twice(database, actor, place, point):
    buyer = actor()
    purchase_id = order(buyer, place, save=True)
    killed = subprocess.run(
        [sys.executable, crashing_checkout.__file__, point, str(buyer.account_id), purchase_id],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert view(buyer, purchase_id).step == "charging"
    assert booked_cents() == 0
    was_charged = charged_cents() == 500
    assert was_charged == (point in ("after confirming", "while settling"))

    with lease_over():
        assert checkout.reconcile().done == 1
    assert view(buyer, purchase_id).status == ("paid" if was_charged else "failed")
    assert charged_cents() == booked_cents()

    assert checkout.submit(buyer, purchase_id).status == "paid"
    assert charged_cents() == booked_cents() == 500
    assert (credits(buyer, place), len(db.read(cards.my_cards, buyer))) == (20, 1)


def test_no_file_ever_holds_a_card_number_or_a_cvv(database, actor, place, caplog):
    buyer, cvv, amex_cvv = actor(), "739", "7391"
    numbers = [VISA, "378282246310005", *REFUSALS]
    for number in numbers:
        purchase = db.write(purchases.begin_or_change, buyer, facility_id=place, credits=20)
        token = new_card(number, cvv=amex_cvv if number.startswith("37") else cvv)
        checkout.use_new_card(buyer, purchase.id, token, save=True)
        checkout.submit(buyer, purchase.id)
    card = db.read(cards.my_cards, buyer)[0]
    purchase = db.write(purchases.begin_or_change, buyer, facility_id=place, credits=20)
    checkout.use_stored_card(buyer, purchase.id, card.id, processor.sandbox().tokenize_cvv(cvv))
    checkout.submit(buyer, purchase.id)

    files = b"".join(path.read_bytes() for path in database.rglob("*") if path.is_file())
    assert token.encode() in files
    assert not [number for number in numbers if number.encode() in files or number in caplog.text]
    assert not [value for value in _values(database) if re.fullmatch(rf".*\b({cvv}|{amex_cvv})\b.*", value)]


def _values(data_dir):
    """Every value of every table of every database there is, as text."""
    for path in data_dir.glob("*.db"):
        with closing(sqlite3.connect(path)) as file:
            for (table,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for line in file.execute(f'SELECT * FROM "{table}"'):
                    yield from (str(value) for value in line)
