"""Yearly statements: every sum is the ledger's, every year begins where the one before ended, and everyone has their own."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import NotFound
from rxconnect.domain.ledger import AccountKind
from rxconnect.models import Journal, LedgerAccount, Posting
from rxconnect.services.books import statements
from rxconnect.services.messages import withdrawals
from rxconnect.services.money import transfers
from rxconnect.services.refunds import refunds
from rxconnect.services.review import review
from tests.services.buying import buy

HELD = (AccountKind.WALLET, AccountKind.HOLD, AccountKind.FROZEN)


def statement(actor, year=None):
    """The actor's statement of a year, the latest if none is named."""
    return db.read(statements.get, actor, db.read(statements.years, actor)[0] if year is None else year)


def changes(section):
    return {change.label: change.credits for change in section.changes}


def credits_after(actor, facility_id, until):
    """What the last postings before a moment say was in the family's accounts at a facility."""
    with db.reading() as session:
        accounts = session.exec(
            select(LedgerAccount.id).where(
                LedgerAccount.owner_id == actor.account_id,
                LedgerAccount.facility_id == facility_id,
                col(LedgerAccount.kind).in_(HELD),
            )
        ).all()
        last = (
            session.exec(
                select(Posting.balance_after)
                .join(Journal, col(Journal.id) == Posting.journal_id)
                .where(Posting.account_id == account_id, Journal.created_at < until)
                .order_by(col(Posting.id).desc())
            ).first()
            for account_id in accounts
        )
        return sum(balance or 0 for balance in last)


def test_each_year_begins_where_the_one_before_ended(pair, facility):
    there = pair(credits=0, facility_fields={"time_zone": "America/Los_Angeles"})
    other = facility(name="Birch", time_zone="America/New_York", price_cents=50)
    for year in (2023, 2024, 2026):
        with clock.at(datetime(year, 6, 1, tzinfo=UTC)):
            buy(there.family, there.facility_id, 10)
            letter = there.send().id
            db.write(review.approve, there.reviewer, letter)
            db.write(review.deliver, there.reviewer, letter)
            refunds.request_refund(there.family, there.facility_id, 2, secrets.token_hex(8))
    with clock.at(datetime(2026, 7, 1, tzinfo=UTC)):
        db.write(transfers.transfer_credits, there.family.account_id, there.inmate_id, there.facility_id, other)
        assert db.read(statements.years, there.family) == [2026, 2025, 2024, 2023]
        sections = {year: statement(there.family, year).facilities for year in (2023, 2024, 2025, 2026)}
    here = {
        year: next(one for one in found if one.facility_id == there.facility_id) for year, found in sections.items()
    }
    assert [(one.opening, one.closing) for one in here.values()] == [(0, 7), (7, 14), (14, 14), (14, 0)]
    assert (here[2025].changes, here[2025].lines) == ([], [])
    for year, one in here.items():
        end = datetime(year + 1, 1, 1, 8, tzinfo=UTC)
        assert one.closing == credits_after(there.family, there.facility_id, end)
    assert [one.facility_id for one in sections[2025]] == [there.facility_id]


def test_a_year_ends_at_midnight_at_the_facility(actor, facility):
    buyer, west, east = actor(), facility(time_zone="America/Los_Angeles"), facility(time_zone="America/New_York")
    # It is 2025 in New York already, and three hours yet 2024 in Los Angeles.
    with clock.at(datetime(2025, 1, 1, 6, tzinfo=UTC)):
        buy(buyer, west, 10)
        buy(buyer, east, 12)
    in_2024, in_2025 = statement(buyer, 2024), statement(buyer, 2025)
    assert [(one.facility_id, one.closing) for one in in_2024.facilities] == [(west, 10)]
    assert {one.facility_id: (one.opening, one.closing) for one in in_2025.facilities} == {
        west: (10, 10),
        east: (0, 12),
    }
    assert (in_2024.paid, in_2025.paid) == ("$2.50", "$3.00")


def test_a_year_that_is_over_never_reads_differently(actor, facility):
    buyer, place = actor(), facility()
    with clock.at(datetime(2025, 3, 1, tzinfo=UTC)):
        buy(buyer, place, 10)
        assert statement(buyer, 2025).as_of == "Feb 28, 2025"
    with clock.at(datetime(2026, 2, 1, tzinfo=UTC)):
        before = statement(buyer, 2025)
        refunds.request_refund(buyer, place, 4, secrets.token_hex(8))
        assert before.as_of == ""
        assert statement(buyer, 2025) == before
        assert statement(buyer, 2026).refunded == "$1.00"


def test_a_letter_that_waits_for_review_has_spent_nothing_yet(pair):
    there = pair(credits=0)
    buy(there.family, there.facility_id, 10)
    letter = there.send().id
    (section,) = statement(there.family).facilities
    assert (section.closing, changes(section)) == (10, {"Bought": "+10"})
    db.write(withdrawals.withdraw, there.family, letter)
    assert statement(there.family).facilities == [section]


def test_there_is_no_statement_before_the_first_credits_after_this_year_or_of_a_stranger(actor, facility):
    buyer, stranger = actor(), actor()
    buy(buyer, facility())
    (now,) = db.read(statements.years, buyer)
    assert db.read(statements.years, stranger) == []
    for who, year in ((buyer, now - 1), (buyer, now + 1), (buyer, 0), (buyer, 9999), (stranger, now)):
        with pytest.raises(NotFound):
            statement(who, year)
