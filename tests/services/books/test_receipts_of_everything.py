"""Statements and histories after everything that can happen to money, in both databases: they agree with the ledger."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import func, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.ledger import AccountKind
from rxconnect.domain.receipts import MovementKind
from rxconnect.models import Account, LedgerAccount
from tests.services.books.test_receipt_history import history_of
from tests.services.books.test_statements import HELD, changes, credits_after, statement
from tests.services.money.test_money_proof import moneyed

__all__ = ["moneyed"]


def families():
    """Every family account there is, by its name."""
    with db.reading() as session:
        rows = session.exec(select(Account).where(Account.kind == ActorKind.FAMILY)).all()
    return {row.name: Actor(row.id, row.name, row.email, ActorKind.FAMILY) for row in rows}


def balance(kind):
    with db.reading() as session:
        return int(session.exec(select(func.sum(LedgerAccount.balance)).where(LedgerAccount.kind == kind)).one() or 0)


def number(text):
    return int(text.replace("−", "-").replace("+", "").replace(",", ""))


def test_every_sum_of_every_familys_statement_is_the_ledgers(moneyed):
    each = [(actor, statement(actor)) for actor in families().values()]
    assert len(each) == 5
    sections = [(actor, section) for actor, one in each for section in one.facilities]
    for actor, section in sections:
        assert section.closing == section.opening + sum(number(change.credits) for change in section.changes)
        assert section.closing == credits_after(actor, section.facility_id, clock.now() + timedelta(days=1))
    assert sum(section.closing for _, section in sections) == sum(balance(kind) for kind in HELD)
    kept = sum(one.paid_cents - one.refunded_cents - one.taken_back_cents for _, one in sections)
    assert kept == balance(AccountKind.TAKINGS)
    assert {section.facility_id for _, section in sections} == {moneyed.alder, moneyed.birch}


def test_what_a_statement_sums_is_what_the_history_shows(moneyed):
    for actor in families().values():
        one = statement(actor)
        history = history_of(actor, year=one.year)
        assert one.paid == history.paid
        assert (one.refunded, one.taken_back) == (history.refunded, history.taken_back)
    assert statement(moneyed.family).paid != "$0.00"


def test_a_statement_lists_what_was_bought_refunded_and_given_back(moneyed):
    (section,) = statement(moneyed.family).facilities
    lines = [(line.what, line.credits, line.amount) for line in section.lines]
    assert lines[:3] == [
        ("Credits bought", "+20", "$5.00"),
        ("Credits bought", "+8", "$2.00"),
        ("Refund asked for", "−3", "−$0.75"),
    ]
    assert ("Refund not possible, credits returned", "+2", "$0.50") in lines
    mistake = next(place for place, line in enumerate(lines) if line[0] == "Charged by mistake")
    assert lines[mistake + 1] == ("Wrong charge given back", "", f"−{lines[mistake][2]}")
    assert changes(section) == {"Bought": "+39", "Refunded": "−4", "Spent on delivered messages": "−1"}
    # Of these, one is set aside for the letter that waits.
    assert section.closing == 34


def test_credits_that_moved_leave_one_facility_and_arrive_at_the_other(moneyed):
    old, new = statement(families()["Ben Old"]).facilities
    assert (changes(old), old.closing) == ({"Bought": "+9", "Moved away": "−9"}, 0)
    assert (changes(new), new.closing) == ({"Moved here": "+12"}, 12)
    (line,) = new.lines
    assert (line.what, line.credits, line.amount) == ("Credits moved", "+12", "")
    assert line.about == "From Alder County Jail to Birch County Jail, worth $2.25"
    assert (new.paid_cents, new.refunded_cents) == (0, 0)
    assert new.facility_id == moneyed.birch


@pytest.mark.parametrize(
    ("dispute", "closing", "taken_back"), [("open", 10, "$2.50"), ("won", 10, ""), ("lost", 0, "$2.50")]
)
def test_a_bank_that_took_the_money_back(moneyed, dispute, closing, taken_back):
    one = statement(families()[f"{dispute} dispute"])
    assert (one.paid, one.taken_back, one.facilities[0].closing) == ("$2.50", taken_back, closing)


def test_a_refund_that_was_not_possible_is_told_and_not_counted(moneyed):
    history = history_of(moneyed.family, kind=MovementKind.REFUND)
    refused = [line for line in history.lines if line.status == "Not possible"]
    assert [line.amount for line in refused] == [""]


def test_what_was_charged_by_mistake_and_what_went_back_of_it_are_both_there(moneyed):
    lines = [line for line in history_of(moneyed.family).lines if not line.number]
    assert [line.what for line in lines] == ["Charged by mistake", "Refund of a wrong charge"]
    assert lines[1].amount == f"−{lines[0].amount}"
    assert "wrong amount" in lines[1].note


def test_credits_that_moved_belong_to_both_facilities_and_cost_nothing(moneyed):
    moved = families()["Ben Old"]
    for facility_id in (moneyed.alder, moneyed.birch):
        (line,) = history_of(moved, facility_id=facility_id, kind=MovementKind.TRANSFER).lines
        assert (line.what, line.amount) == ("9 credits moved", "")
        assert line.about.startswith("Alder County Jail")
        assert "Birch County Jail" in line.note
    assert history_of(moved, kind=MovementKind.TRANSFER).paid == "$0.00"
    assert [choice.label for choice in history_of(moved).facilities] == ["Alder County Jail", "Birch County Jail"]


@pytest.mark.parametrize(
    ("dispute", "status", "taken_back"),
    [
        ("open", "With your bank", "$2.50"),
        ("lost", "Reversed for good", "$2.50"),
        ("won", "The payment stands", ""),
    ],
)
def test_what_a_bank_took_back_counts_until_it_returns_it(moneyed, dispute, status, taken_back):
    history = history_of(families()[f"{dispute} dispute"])
    line = next(line for line in history.lines if line.what == "Payment disputed by your bank")
    assert (line.status, history.paid, history.taken_back) == (status, "$2.50", taken_back)
