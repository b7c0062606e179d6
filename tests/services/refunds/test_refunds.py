"""Refunds: unused credits become money on the right card, once, and never more than was paid."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import InsufficientCredits, Invalid, NotAllowed, NotFound
from rxconnect.domain.problems import Problem
from rxconnect.models import Email, Purchase
from rxconnect.payments.sandbox_faults import Fault
from rxconnect.services.money import processor, wallets
from rxconnect.services.refunds import refund_payouts, refunds, staff_refunds
from tests.services.buying import VISA, VISA_DEBIT, buy, charged_cents, is_sound, refunded_cents

NO_REFUND = "4000000000005126"


@pytest.fixture
def place(facility):
    return facility(name="Cedar Ridge", price_cents=25)


@pytest.fixture
def buyer(actor):
    return actor()


def credits(buyer, place):
    return db.read(wallets.balance, buyer.account_id, place)


def test_all_of_a_wallet_goes_back_to_the_card_that_paid_for_it(buyer, place):
    buy(buyer, place, 20)
    (refund,) = refunds.request_refund(buyer, place, 20, "press-one")
    assert (refund.credits, refund.amount, refund.card_label) == (20, "$5.00", "Visa ending 4242")
    assert refund.status == "paid"
    assert credits(buyer, place) == 0
    assert refunded_cents() == 500
    assert is_sound()


def test_a_part_goes_back_and_the_rest_stays(buyer, place):
    buy(buyer, place, 20)
    refunds.request_refund(buyer, place, 7, "press-one")
    assert (credits(buyer, place), refunded_cents()) == (13, 175)
    assert is_sound()


def test_the_newest_purchase_goes_back_first_each_at_its_own_price_and_to_its_own_card(buyer, place):
    buy(buyer, place, 10, number=VISA)
    with db.transaction() as session:
        session.connection().exec_driver_sql(f"UPDATE facility SET price_cents = 30 WHERE id = {place}")
    buy(buyer, place, 10, number=VISA_DEBIT)
    offered = db.read(refunds.offers, buyer, place, 15)
    assert [(offer.credits, offer.cents, offer.card_label) for offer in offered] == [
        (10, 300, "Visa ending 5556"),
        (5, 125, "Visa ending 4242"),
    ]
    refunds.request_refund(buyer, place, 15, "press-one")
    assert refunded_cents() == 425
    assert is_sound()


@pytest.mark.parametrize("wanted", [0, -1, 21, 10**12])
def test_nobody_gets_back_more_than_is_unused(buyer, place, wanted):
    buy(buyer, place, 20)
    with pytest.raises(Invalid) as refused:
        refunds.request_refund(buyer, place, wanted, "press-one")
    assert refused.value.fields == {"credits": Problem.REFUND_OUT_OF_BOUNDS(most=20)}
    assert (credits(buyer, place), refunded_cents()) == (20, 0)


def test_the_same_press_refunds_once_whoever_is_first(buyer, place):
    buy(buyer, place, 20)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: refunds.request_refund(buyer, place, 5, "press-one"), range(8)))
    assert len({answer[0].id for answer in answers}) == 1
    assert (credits(buyer, place), refunded_cents()) == (15, 125)


def test_many_presses_at_once_never_refund_more_than_was_paid(buyer, place):
    buy(buyer, place, 20)

    def press(number):
        try:
            return len(refunds.request_refund(buyer, place, 6, f"press-number-{number}"))
        except (Invalid, InsufficientCredits):
            return 0

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(press, range(12))) == 3
    assert (credits(buyer, place), refunded_cents()) == (2, 450)
    assert is_sound()


def test_somebody_elses_credits_cannot_be_refunded(buyer, place, actor):
    buy(buyer, place, 20)
    with pytest.raises(Invalid):
        refunds.request_refund(actor(), place, 1, "press-one")
    assert credits(buyer, place) == 20


def test_credits_that_nobody_paid_for_are_not_refunded(pair):
    two = pair(credits=10)
    assert db.read(refunds.refundable_credits, two.family.account_id, two.facility_id) == 0


def test_held_credits_are_not_refunded_until_they_come_back(pair):
    two = pair(credits=0)
    buy(two.family, two.facility_id, 5)
    two.send()
    with pytest.raises(Invalid):
        refunds.request_refund(two.family, two.facility_id, 5, "press-one")
    assert refunds.request_refund(two.family, two.facility_id, 4, "press-two")[0].status == "paid"
    assert is_sound()


@pytest.mark.parametrize("fault", list(Fault)[:-1], ids=str)
def test_a_processor_that_fails_is_asked_again_and_pays_once(buyer, place, fault):
    buy(buyer, place, 20)
    processor.sandbox().plan("refund", fault, times=2)
    assert refunds.request_refund(buyer, place, 20, "press-one")[0].status == "pending"
    assert refund_payouts.carry_out_due().done == 0
    for _ in range(3):
        with clock.at(clock.now() + 2 * refund_payouts.LEASE):
            refund_payouts.carry_out_due()
    assert db.read(refunds.my_refunds, buyer)[0].status == "pending" or refunded_cents() == 500
    with clock.at(clock.now() + 20 * refund_payouts.LEASE):
        refund_payouts.carry_out_due()
    assert db.read(refunds.my_refunds, buyer)[0].status == "paid"
    assert refunded_cents() == 500
    assert is_sound()


def test_a_card_that_takes_nothing_back_gives_the_credits_back(buyer, place):
    buy(buyer, place, 20, number=NO_REFUND)
    assert refunds.request_refund(buyer, place, 20, "press-one")[0].status == "pending"
    assert credits(buyer, place) == 0
    with db.reading() as session:
        processor_id = session.exec(select(refunds.Refund.processor_id)).one()
    refund_payouts.check_refund(processor_id)
    assert db.read(refunds.my_refunds, buyer)[0].status == "failed"
    assert (credits(buyer, place), refunded_cents()) == (20, 0)
    with db.reading() as session:
        assert session.exec(select(Purchase.refunded_cents)).one() == 0
        assert "not possible" in session.exec(select(Email.subject).order_by(Email.id.desc())).first()
    assert is_sound()


def test_a_change_of_a_refund_that_is_not_ours_is_ignored(database):
    refund_payouts.check_refund("ref_invented")


def test_staff_refund_a_purchase_for_a_reason_that_the_family_reads(buyer, place, actor):
    number = buy(buyer, place, 20).receipt_number
    admin = actor(role=Role.ADMINISTRATOR, facility_id=place)
    assert db.read(staff_refunds.offer, admin, number.lower()).credits == 20
    (refund,) = staff_refunds.request_refund(admin, number, 8, "Bought for the wrong facility")
    assert (refund.reason, refund.cause, refund.amount) == (
        "Bought for the wrong facility",
        "By the facility's staff",
        "$2.00",
    )
    with db.reading() as session:
        assert "Bought for the wrong facility" in session.exec(select(Email.body).order_by(Email.id.desc())).first()
    assert is_sound()


def test_staff_of_another_facility_and_staff_who_may_not_refund_nothing(buyer, place, facility, actor):
    number = buy(buyer, place, 20).receipt_number
    with pytest.raises(NotFound):
        staff_refunds.request_refund(actor(role=Role.ADMINISTRATOR, facility_id=facility()), number, 1, "A reason")
    for role in (Role.REVIEWER, Role.AUDITOR, Role.TRAINER, None):
        with pytest.raises(NotAllowed):
            staff_refunds.request_refund(actor(role=role, facility_id=place), number, 1, "A reason")
    assert refunded_cents() == 0


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_staff_must_give_a_reason(buyer, place, actor, reason):
    number = buy(buyer, place, 20).receipt_number
    with pytest.raises(Invalid) as refused:
        staff_refunds.request_refund(actor(role=Role.ADMINISTRATOR, facility_id=place), number, 1, reason)
    assert "reason" in refused.value.fields


def test_a_wrong_amount_goes_back_whole_and_gives_no_credits(buyer, place):
    processor.sandbox().plan("charge", Fault.WRONG_AMOUNT)
    purchase = buy(buyer, place, 20)
    assert purchase.status == "failed"
    assert "All of it is going back" in purchase.failure
    refund_payouts.carry_out_due()
    assert (credits(buyer, place), charged_cents(), refunded_cents()) == (0, 600, 600)
    assert is_sound()
