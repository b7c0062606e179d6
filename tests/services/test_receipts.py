"""Receipts: complete, unchangeable, and only their buyer's."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from rxconnect import db
from rxconnect.domain.errors import NotFound
from rxconnect.models import Account, Email, Facility
from rxconnect.services import receipts
from tests.services.buying import buy


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
    assert (receipt.credits, receipt.price, receipt.total) == (40, "25 ¢", "$10.00")
    assert (receipt.card_label, receipt.status) == ("Visa ending 4242", "Paid")
    assert receipt.issued.endswith(("PST", "PDT"))
    assert db.read(receipts.my_receipts, buyer) == [receipt]


def test_a_receipt_stays_the_same_when_everything_else_changes(actor, place):
    buyer = actor(name="Rosa Delgado")
    before = db.read(receipts.get, buyer, buy(buyer, place).receipt_number)
    with db.transaction() as session:
        facility = session.get_one(Facility, place)
        facility.name, facility.price_cents, facility.time_zone = "Renamed", 99, "America/New_York"
        session.get_one(Account, buyer.account_id).name = "Rosa Married"
    assert db.read(receipts.get, buyer, before.number) == before


def test_receipts_come_newest_first(actor, place):
    buyer = actor()
    numbers = [buy(buyer, place).receipt_number for _ in range(3)]
    assert [receipt.number for receipt in db.read(receipts.my_receipts, buyer)] == numbers[::-1]


def test_a_number_may_be_typed_in_small_letters(actor, place):
    buyer = actor()
    number = buy(buyer, place).receipt_number
    assert db.read(receipts.get, buyer, f" {number.lower()} ").number == number


def test_another_persons_receipt_is_not_found(actor, place):
    number, stranger = buy(actor(), place).receipt_number, actor()
    with pytest.raises(NotFound):
        db.read(receipts.get, stranger, number)
    assert db.read(receipts.my_receipts, stranger) == []


@pytest.mark.parametrize("change", ["UPDATE receipt SET total_cents = 1", "DELETE FROM receipt"])
def test_a_receipt_can_be_neither_changed_nor_removed(actor, place, change):
    buy(actor(), place)
    with pytest.raises(DBAPIError, match="append-only"), db.transaction() as session:
        session.connection().execute(text(change))


def test_the_receipt_is_emailed_to_its_buyer_once(actor, place):
    buyer = actor()
    number = buy(buyer, place).receipt_number
    with db.reading() as session:
        (email,) = session.exec(select(Email)).all()
    assert (email.to, email.subject) == (buyer.email, f"Your receipt {number}")
    assert f"/receipts/{number}" in email.body
    assert "$5.00" in email.body
