"""The finance page, handler by handler: who may see it, its periods, and a refund in two steps."""

import pytest
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.domain import refusals
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import NotAllowed
from rxconnect.models import Refund
from rxconnect.services.money import wallets
from rxconnect.state.session import SessionState
from rxconnect.state.staff.finance import FinanceState
from tests.services.buying import buy
from tests.state.driver import name_of, sign_in


@pytest.fixture
def place(facility):
    return facility(name="Cedar Ridge")


@pytest.fixture
def staff(server, actor, place):
    """`staff(role)`: a tab of somebody who works at Cedar Ridge, with the page open."""
    return lambda role=Role.ADMINISTRATOR: server.tab(sign_in(actor(role=role, facility_id=place))).open(routes.FINANCE)


@pytest.fixture
def bought(actor, place):
    """A purchase of 20 credits, and who made it."""
    buyer = actor(name="Ada Young")
    return buyer, buy(buyer, place)


def refunds_made():
    with db.reading() as session:
        return [(row.credits, row.cents, row.reason, row.by_account_id) for row in session.exec(select(Refund))]


def look_up(tab, number):
    return tab.send(name_of(FinanceState, "look_up_receipt"), {"form": {"number": number}})


def refund(tab, credits, reason):
    return tab.send(name_of(FinanceState, "refund"), {"form": {"credits": credits, "reason": reason}})


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_who_may_sees_the_books_of_their_own_facility(staff, bought, role):
    tab = staff(role)
    view = tab.shown(FinanceState, "view")
    assert (view["facility"], view["takings"], view["may_refund"]) == (
        "Cedar Ridge",
        "$5.00",
        role is Role.ADMINISTRATOR,
    )
    assert "see finance" in tab.open(routes.STAFF).shown(SessionState, "permissions")


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.TRAINER])
def test_who_may_not_is_told_so_and_told_nothing_else(staff, bought, role):
    tab = staff(role)
    assert tab.shown(FinanceState, "is_refused")
    assert tab.shown(FinanceState, "view") is None
    look_up(tab, bought[1].receipt_number)
    assert tab.said(FinanceState) == refusals.sentence(NotAllowed())
    assert "$" not in tab.heard
    assert "Ada" not in tab.heard
    assert "see finance" not in tab.open(routes.STAFF).shown(SessionState, "permissions")


@pytest.mark.parametrize(
    ("query", "period"),
    [
        ("", "this-month"),
        ("?period=last-month", "last-month"),
        ("?period=this-year", "this-year"),
        ("?period=9999", "this-month"),
    ],
)
def test_the_address_says_the_period(staff, query, period):
    tab = staff().go(f"{routes.FINANCE}{query}")
    assert tab.shown(FinanceState, "view")["period"] == period


def test_a_refund_takes_a_look_and_a_reason_and_is_made_once(staff, bought, place):
    buyer, purchase = bought
    tab = look_up(staff(), purchase.receipt_number)
    assert tab.shown(FinanceState, "found")["buyer"] == "Ada Young"
    assert tab.shown(FinanceState, "refund_label") == "Refund $5.00 to Visa ending 4242"
    tab.send(name_of(FinanceState, "type_credits"), {"credits": "8"})
    assert tab.shown(FinanceState, "refund_label") == "Refund $2.00 to Visa ending 4242"
    refund(tab, "8", "Asked at the front desk")
    refund(tab, "8", "Asked at the front desk")
    assert [made[:3] for made in refunds_made()] == [(8, 200, "Asked at the front desk")]
    assert db.read(wallets.balance, buyer.account_id, place) == 12
    assert tab.shown(SessionState, "notice").startswith("$2.00 is going back to Visa ending 4242.")
    assert tab.shown(FinanceState, "view")["refunds"] == "$2.00"
    assert tab.shown(FinanceState, "found") is None


def test_a_refund_without_a_reason_is_not_made(staff, bought):
    tab = look_up(staff(), bought[1].receipt_number)
    refund(tab, "8", "  ")
    assert "reason" in tab.shown(FinanceState, "problems")
    assert tab.shown(FinanceState, "found") is not None
    assert refunds_made() == []


@pytest.mark.parametrize("credits", ["0", "21", "-1", "", "eight", "1e1", "٣", "9" * 40])
def test_a_number_that_cannot_be_refunded_is_refused_in_a_sentence(staff, bought, credits):
    tab = look_up(staff(), bought[1].receipt_number)
    refund(tab, credits, "A good reason")
    assert tab.shown(FinanceState, "problems") == {"credits": "Enter a whole number from 1 to 20."}
    assert refunds_made() == []


def test_a_receipt_of_another_facility_is_not_found(staff, actor, facility):
    other = buy(actor(name="Bo Lee"), facility())
    tab = look_up(staff(), other.receipt_number)
    assert tab.shown(FinanceState, "problems") == {
        "number": "There is no such receipt where you work. Please check the number."
    }
    assert "Bo" not in tab.heard


def test_nothing_is_refunded_that_was_not_looked_up(staff, bought):
    tab = staff()
    refund(tab, "8", "A good reason")
    assert refunds_made() == []
    look_up(tab, bought[1].receipt_number).send(name_of(FinanceState, "close_refund"))
    refund(tab, "8", "A good reason")
    assert refunds_made() == []


def test_an_auditor_can_refund_nothing(staff, bought):
    tab = look_up(staff(Role.AUDITOR), bought[1].receipt_number)
    assert tab.said(FinanceState) == refusals.sentence(NotAllowed())
    assert tab.shown(FinanceState, "found") is None
