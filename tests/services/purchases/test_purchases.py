"""Purchases before payment: amounts, prices, and whose they are."""

from __future__ import annotations

import pytest

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import FacilityClosed, Invalid, NotAllowed, NotFound
from rxconnect.domain.problems import Problem
from rxconnect.models import Facility
from rxconnect.services.purchases import checkout, purchases
from tests.services.buying import buy, new_card, order


@pytest.fixture
def place(facility):
    return facility(name="Cedar Ridge", city="Walla Walla", state="WA", price_cents=25, min_credits=5, max_credits=200)


def change_facility(facility_id, **fields):
    with db.transaction() as session:
        session.get_one(Facility, facility_id).sqlmodel_update(fields)


def test_a_new_purchase_shows_what_it_will_cost(actor, place):
    view = db.write(purchases.begin_or_change, actor(), facility_id=place, credits=20)
    assert (view.facility, view.facility_place) == ("Cedar Ridge", "Walla Walla, WA")
    assert (view.credits, view.price, view.total, view.total_cents) == (20, "25\u00a0¢", "$5.00", 500)
    assert (view.status, view.step, view.card_label, view.failure, view.receipt_number) == (
        "draft",
        "payment",
        "",
        "",
        "",
    )


@pytest.mark.parametrize(
    ("credits", "problem"),
    [
        (4, Problem.TOO_FEW_CREDITS(facility="Cedar Ridge", credits=5)),
        (0, Problem.TOO_FEW_CREDITS(facility="Cedar Ridge", credits=5)),
        (-(10**30), Problem.TOO_FEW_CREDITS(facility="Cedar Ridge", credits=5)),
        (201, Problem.TOO_MANY_CREDITS(facility="Cedar Ridge", credits=200)),
        (10**30, Problem.TOO_MANY_CREDITS(facility="Cedar Ridge", credits=200)),
    ],
)
def test_an_amount_outside_the_facilitys_limits_is_refused(actor, place, credits, problem):
    with pytest.raises(Invalid) as refused:
        db.write(purchases.begin_or_change, actor(), facility_id=place, credits=credits)
    assert refused.value.fields == {"credits": problem}


@pytest.mark.parametrize("opening", ["paused", "listed", "closed"])
def test_credits_are_not_sold_where_messages_are_not_taken(actor, facility, opening):
    with pytest.raises(FacilityClosed):
        db.write(purchases.begin_or_change, actor(), facility_id=facility(opening=opening), credits=20)


def test_an_unknown_facility_is_not_found(actor):
    with pytest.raises(NotFound):
        db.write(purchases.begin_or_change, actor(), facility_id=999, credits=20)


def test_staff_buy_no_credits(actor, place):
    with pytest.raises(NotAllowed):
        db.write(purchases.begin_or_change, actor(role=Role.REVIEWER), facility_id=place, credits=20)


def test_the_amount_may_be_changed_and_the_card_stays_chosen(actor, place):
    buyer = actor()
    purchase_id = order(buyer, place, 20)
    view = db.write(purchases.begin_or_change, buyer, facility_id=place, credits=40, purchase_id=purchase_id)
    assert (view.id, view.total, view.card_label, view.step) == (purchase_id, "$10.00", "Visa ending 4242", "review")


def test_the_facility_may_be_changed(actor, place, facility):
    buyer = actor()
    purchase_id = order(buyer, place, 20)
    harbor = facility(name="Harbor County", price_cents=20)
    view = db.write(purchases.begin_or_change, buyer, facility_id=harbor, credits=20, purchase_id=purchase_id)
    assert (view.facility, view.total) == ("Harbor County", "$4.00")


def test_a_paid_purchase_cannot_be_changed_and_says_where_its_receipt_is(actor, place):
    buyer = actor()
    paid = buy(buyer, place, 20)
    view = db.write(purchases.begin_or_change, buyer, facility_id=place, credits=40, purchase_id=paid.id)
    assert (view.credits, view.step, view.receipt_number) == (20, "receipt", paid.receipt_number)
    assert checkout.use_new_card(buyer, paid.id, new_card(), save=True) == view


def test_another_persons_purchase_is_not_found(actor, place):
    purchase_id = order(actor(), place)
    stranger = actor()
    with pytest.raises(NotFound):
        db.read(purchases.get, stranger, purchase_id)
    with pytest.raises(NotFound):
        db.write(purchases.begin_or_change, stranger, facility_id=place, credits=20, purchase_id=purchase_id)
    with pytest.raises(NotFound):
        checkout.use_new_card(stranger, purchase_id, new_card(), save=False)
    with pytest.raises(NotFound):
        checkout.submit(stranger, purchase_id)


def test_a_changed_price_leads_back_to_the_amount_and_is_then_shown(actor, place):
    buyer = actor()
    purchase_id = order(buyer, place, 20)
    change_facility(place, price_cents=30)
    assert db.read(purchases.get, buyer, purchase_id).step == "amount"
    view = db.write(purchases.begin_or_change, buyer, facility_id=place, credits=20, purchase_id=purchase_id)
    assert (view.step, view.total) == ("review", "$6.00")


def test_a_facility_that_closes_leads_back_to_the_amount(actor, place):
    buyer = actor()
    purchase_id = order(buyer, place)
    change_facility(place, opening="paused")
    assert db.read(purchases.get, buyer, purchase_id).step == "amount"
