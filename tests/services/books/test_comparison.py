"""The nightly comparison: our books against the processor's, both ways."""

from __future__ import annotations

import gc
import secrets
import sqlite3
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlmodel import select

from rxconnect import db
from rxconnect.config import settings
from rxconnect.domain import clock
from rxconnect.domain.comparisons import Mismatch
from rxconnect.models import Discrepancy, Purchase
from rxconnect.payments.port import PaymentRecord, ProcessorUnavailable
from rxconnect.payments.sandbox import Sandbox
from rxconnect.payments.sandbox_faults import Fault
from rxconnect.services.books import comparison
from rxconnect.services.money import customers, processor
from rxconnect.services.purchases import checkout
from rxconnect.services.refunds import refunds
from tests.services.buying import buy, new_card, order
from tests.services.moneyed import intent_of, live

DAY = timedelta(days=1)


def compare(days: int = 3):
    return comparison.compare_between(clock.now() - days * DAY, clock.now() + DAY)


def found():
    """What the last comparisons left open."""
    return [(one.kind, one.about, one.our_cents, one.their_cents, one.facility) for one in compare().differences]


def at_processor(statement: str, *values: object) -> None:
    """Change the processor's books."""
    with closing(sqlite3.connect(settings().data_dir / "sandbox.db")) as file, file:
        assert file.execute(statement, values).rowcount


@pytest.fixture
def cedar(facility):
    return facility(name="Cedar Ridge")


@pytest.fixture
def paid(actor, cedar):
    """The intent of a purchase of $5.00."""
    return intent_of(buy(actor(), cedar).id)


def test_books_after_everything_that_can_happen_to_money_agree(database):
    lived = live()
    report = compare()
    assert report.is_sound
    assert report.differences == []
    assert report.payments == len(lived.purchases)


def test_what_was_charged_there_and_not_paid_here_is_found(actor, cedar):
    buyer = actor()
    purchase_id = order(buyer, cedar)
    customer = customers.customer_of(buyer.account_id)
    box = processor.sandbox()
    intent_id = box.create_intent(f"{purchase_id}:7", 900, customer)
    box.confirm(intent_id, f"{purchase_id}:7", new_card(), "")
    stranger = box.create_intent("someone else", 100, customer)
    box.confirm(stranger, "someone else", new_card(), "")
    assert sorted(found()) == sorted(
        [
            (Mismatch.NOT_PAID_HERE, intent_id, 0, 900, "Cedar Ridge"),
            (Mismatch.NOT_PAID_HERE, stranger, 0, 100, ""),
        ]
    )


def test_what_was_paid_here_and_not_charged_there_is_found(paid):
    at_processor("DELETE FROM intent WHERE id = ?", paid)
    assert found() == [(Mismatch.NOT_CHARGED_THERE, paid, 500, 0, "Cedar Ridge")]


def test_another_amount_is_found(paid):
    at_processor("UPDATE intent SET charged_cents = 600 WHERE id = ?", paid)
    assert found() == [(Mismatch.AMOUNT, paid, 500, 600, "Cedar Ridge")]


def test_a_refund_that_only_the_processor_knows_is_found(paid):
    processor.sandbox().refund(paid, "by hand", 200)
    assert found() == [(Mismatch.REFUNDS, paid, 0, 200, "Cedar Ridge")]


def test_a_refund_that_only_we_know_is_found_also_of_a_payment_of_long_ago(actor, cedar):
    buyer = actor()
    with clock.at(clock.now() - 90 * DAY):
        intent_id = intent_of(buy(buyer, cedar).id)
    refunds.request_refund(buyer, cedar, 4, secrets.token_hex(16))
    assert compare().refunds == 1
    assert found() == []
    at_processor("UPDATE refund SET state = 'failed'")
    assert found() == [(Mismatch.REFUNDS, intent_id, 100, 0, "Cedar Ridge")]


def test_a_payment_that_was_settled_long_after_it_was_charged_agrees(paid):
    long_ago = (clock.now() - 30 * DAY).isoformat()
    at_processor("UPDATE intent SET charged_at = ? WHERE id = ?", long_ago, paid)
    assert found() == []
    at_processor("UPDATE intent SET charged_cents = 600 WHERE id = ?", paid)
    assert found() == [(Mismatch.AMOUNT, paid, 500, 600, "Cedar Ridge")]


def test_a_purchase_that_is_under_way_is_left_alone(actor, cedar):
    buyer = actor()
    purchase_id = order(buyer, cedar)
    processor.sandbox().plan("confirm", Fault.TIMEOUT_AFTER)
    assert checkout.submit(buyer, purchase_id).status == "charging"
    report = compare()
    assert (report.payments, report.open) == (1, 0)


def test_a_difference_is_kept_once_and_resolved_when_the_books_agree_again(paid):
    at_processor("UPDATE intent SET charged_cents = 600 WHERE id = ?", paid)
    assert found() == found()
    at_processor("UPDATE intent SET charged_cents = 500 WHERE id = ?", paid)
    report = compare()
    assert (report.resolved, report.open) == (1, 0)
    with db.reading() as session:
        (kept,) = session.exec(select(Discrepancy))
        assert kept.resolved_at is not None
    at_processor("UPDATE intent SET charged_cents = 700 WHERE id = ?", paid)
    assert found() == [(Mismatch.AMOUNT, paid, 500, 700, "Cedar Ridge")]


def test_one_night_is_compared_once_by_all_workers_together(paid):
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(lambda _: comparison.compare_due().done, range(4))) == [0, 0, 0, 1]
    with clock.at(clock.now() + DAY):
        assert comparison.compare_due().done


def test_a_night_on_which_the_processor_does_not_answer_is_tried_again(paid):
    at_processor("UPDATE intent SET charged_cents = 600 WHERE id = ?", paid)
    with processor.using(Asleep(settings().data_dir / "sandbox.db")), pytest.raises(ProcessorUnavailable):
        comparison.compare_due()
    assert comparison.compare_due().done
    with db.reading() as session:
        assert session.exec(select(Discrepancy)).one().about == paid


def test_a_night_reaches_back_to_a_difference_that_is_still_open(paid):
    at_processor("UPDATE intent SET charged_cents = 600 WHERE id = ?", paid)
    compare()
    at_processor("UPDATE intent SET charged_cents = 500 WHERE id = ?", paid)
    with clock.at(clock.now() + 20 * DAY):
        assert comparison.compare_due().done
    with db.reading() as session:
        assert session.exec(select(Discrepancy)).one().resolved_at is not None


class Asleep(Sandbox):
    """The sandbox, when nobody answers."""

    def payments(self, since, until):
        raise ProcessorUnavailable


class Busy(Sandbox):
    """The sandbox, with very many payments."""

    def __init__(self, file, count):
        super().__init__(file)
        self._count = count

    def payments(self, since, until):
        for number in range(0, self._count, 2):
            yield PaymentRecord(f"int_{number}", f"busy{number}:1", 500, 0, clock.now())

    def retrieve(self, intent_id):
        raise ProcessorUnavailable


@pytest.fixture
def quick_to_collect():
    """Garbage goes at once, as it does in a process that is not full of tests: only what is kept is measured."""
    gc.freeze()
    gc.collect()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("quick_to_collect")
def test_however_many_payments_they_are_not_kept_in_memory(actor, cedar):
    row = {"account_id": actor().account_id, "facility_id": cedar, "credits": 20, "price_cents": 25, "status": "paid"}
    peaks = []
    for first, count in ((0, 1_000), (1_000, 6_000)):
        with db.transaction() as session:
            numbers = range(first, count)
            moments = {"paid_at": clock.now(), "created_at": clock.now()}
            rows = [row | moments | {"id": f"busy{number}", "intent_id": f"int_{number}"} for number in numbers]
            session.exec(insert(Purchase), params=rows)
        with processor.using(Busy(settings().data_dir / "sandbox.db", count)):
            tracemalloc.start()
            report = compare()
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        # Every second one is unknown there.
        assert (report.payments, report.open) == (count, count // 2)
    assert peaks[1] < 2 * peaks[0]
