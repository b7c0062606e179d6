"""Receipts: complete, unchangeable, and only their buyer's; and beside them what became of the money since."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import NotFound
from rxconnect.models import Account, AutoReload, Email, Facility, Purchase
from rxconnect.services.money import cards, processor
from rxconnect.services.purchases import disputes, receipts
from rxconnect.services.refunds import refund_payouts, refunds, staff_refunds
from tests.services.buying import buy
from tests.services.moneyed import NO_REFUND, intent_of


@pytest.fixture
def place(facility):
    return facility(name="Cedar Ridge", city="Walla Walla", state="WA", price_cents=25, time_zone="America/Los_Angeles")


def test_a_receipt_says_everything_about_the_purchase(actor, place):
    buyer = actor(name="Rosa Delgado")
    paid = buy(buyer, place, 40)
    receipt = db.read(receipts.get, buyer, paid.receipt_number)
    assert re.fullmatch(r"RX(-[0-9A-HJKMNP-TV-Z]{4}){3}", receipt.number)
    assert (receipt.buyer, receipt.facility, receipt.facility_place) == (
        "Rosa Delgado",
        "Cedar Ridge",
        "Walla Walla, WA",
    )
    assert (receipt.credits, receipt.price, receipt.total) == (40, "25\u00a0¢", "$10.00")
    assert (receipt.card_label, receipt.status) == ("Visa ending 4242", "Paid")
    assert receipt.issued.endswith(("PST", "PDT"))
    assert (receipt.refunds, receipt.refunded, receipt.kept) == ([], "", "")


def test_a_receipt_stays_the_same_when_everything_else_changes(actor, place):
    buyer = actor(name="Rosa Delgado")
    before = db.read(receipts.get, buyer, buy(buyer, place).receipt_number)
    with db.transaction() as session:
        facility = session.get_one(Facility, place)
        facility.name, facility.price_cents, facility.time_zone = "Renamed", 99, "America/New_York"
        session.get_one(Account, buyer.account_id).name = "Rosa Married"
    assert db.read(receipts.get, buyer, before.number) == before


def test_a_number_may_be_typed_in_small_letters(actor, place):
    buyer = actor()
    number = buy(buyer, place).receipt_number
    assert db.read(receipts.get, buyer, f" {number.lower()} ").number == number


def test_another_persons_receipt_is_not_found(actor, place):
    number, stranger = buy(actor(), place).receipt_number, actor()
    with pytest.raises(NotFound):
        db.read(receipts.get, stranger, number)


@pytest.mark.parametrize("nonsense", ["", "RX", "RX-0000-0000-0000", "\0", "RX-\ud800", "'", "RX-AAAA-AAAA-AAAA" * 999])
def test_what_is_no_number_is_not_found(actor, place, nonsense):
    with pytest.raises(NotFound):
        db.read(receipts.get, actor(), nonsense)


def test_a_receipt_tells_of_a_refund_from_the_moment_it_is_asked_for(actor, place):
    buyer = actor()
    number = buy(buyer, place, 20, number=NO_REFUND).receipt_number
    (asked,) = refunds.request_refund(buyer, place, 8, secrets.token_hex(8))
    receipt = db.read(receipts.get, buyer, number)
    assert (receipt.status, receipt.status_tone) == ("Refund on its way", "wait")
    (refund,) = receipt.refunds
    assert (refund.amount, refund.status_label, refund.cause, refund.credits) == (
        "$2.00",
        "On its way",
        "You asked for it",
        8,
    )
    assert refund.card_label == receipt.card_label
    assert (receipt.refunded, receipt.kept, receipt.total) == ("$2.00", "$3.00", "$5.00")
    assert refund == asked


def test_a_refund_that_was_not_possible_leaves_the_receipt_paid_and_says_so(actor, place):
    buyer = actor()
    number = buy(buyer, place, 20, number=NO_REFUND).receipt_number
    refunds.request_refund(buyer, place, 8, secrets.token_hex(8))
    with clock.at(clock.now() + timedelta(hours=2)):
        refund_payouts.carry_out_due()
    receipt = db.read(receipts.get, buyer, number)
    assert (receipt.status, [refund.status_label for refund in receipt.refunds]) == ("Paid", ["Not possible"])
    assert (receipt.refunded, receipt.kept) == ("", "")


def test_a_receipt_that_was_partly_refunded_says_so_and_then_that_all_is_back(actor, place):
    buyer = actor()
    number = buy(buyer, place, 20).receipt_number
    refunds.request_refund(buyer, place, 8, secrets.token_hex(8))
    assert db.read(receipts.get, buyer, number).status == "Partly refunded"
    refunds.request_refund(buyer, place, 12, secrets.token_hex(8))
    receipt = db.read(receipts.get, buyer, number)
    assert (receipt.status, receipt.refunded, receipt.kept) == ("Refunded", "$5.00", "$0.00")
    assert [refund.amount for refund in receipt.refunds] == ["$3.00", "$2.00"]


def test_a_reason_that_staff_gave_stands_on_the_receipt(actor, place):
    buyer, staff = actor(), actor(role=Role.ADMINISTRATOR, facility_id=place)
    number = buy(buyer, place, 20).receipt_number
    staff_refunds.request_refund(staff, number, 4, "The kiosk was broken.")
    (refund,) = db.read(receipts.get, buyer, number).refunds
    assert (refund.cause, refund.reason) == ("By the facility's staff", "The kiosk was broken.")


@pytest.mark.parametrize(
    ("won", "status", "tone"),
    [(None, "Disputed by your bank", "bad"), (False, "Reversed by your bank", "bad"), (True, "Paid", "good")],
)
def test_a_receipt_tells_what_a_bank_did(actor, place, won, status, tone):
    buyer = actor()
    paid = buy(buyer, place, 20)
    dispute_id = processor.sandbox().open_dispute(intent_of(paid.id))
    disputes.check_dispute(dispute_id)
    if won is not None:
        processor.sandbox().close_dispute(dispute_id, is_won=won)
        disputes.check_dispute(dispute_id)
    receipt = db.read(receipts.get, buyer, paid.receipt_number)
    assert (receipt.status, receipt.status_tone) == (status, tone)
    assert bool(receipt.explanation) == (won is not True)


@pytest.mark.parametrize(("minutes", "is_last"), [(0, True), (9, True), (11, False), (60 * 24 * 60, False)])
def test_a_receipt_is_the_last_step_of_buying_only_just_then(actor, place, minutes, is_last):
    buyer = actor()
    number = buy(buyer, place).receipt_number
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        assert db.read(receipts.get, buyer, number).is_last_step is is_last


def test_the_receipt_of_an_auto_reload_is_nobodys_last_step(actor, place):
    buyer = actor()
    number = buy(buyer, place, save=True).receipt_number
    (card,) = db.read(cards.my_cards, buyer)
    with db.transaction() as session:
        auto_reload = AutoReload(
            account_id=buyer.account_id,
            facility_id=place,
            card_id=card.id,
            level=5,
            credits=20,
            price_cents=25,
            cap_cents=500,
        )
        session.add(auto_reload)
        session.flush()
        session.exec(select(Purchase)).one().auto_reload_id = auto_reload.id
    assert not db.read(receipts.get, buyer, number).is_last_step


def test_the_receipt_is_emailed_to_its_buyer_once(actor, place):
    buyer = actor()
    number = buy(buyer, place).receipt_number
    with db.reading() as session:
        (email,) = session.exec(select(Email)).all()
    assert (email.to, email.subject) == (buyer.email, f"Your receipt {number}")
    assert f"/receipts/{number}" in email.body
    assert "$5.00" in email.body
    assert "PDF" in email.body
