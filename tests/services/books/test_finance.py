"""Finance: what came in and went out at one facility, what needs a look, and what staff may refund."""

import secrets
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.comparisons import Mismatch
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.finance import Period
from rxconnect.domain.purchases import receipt_number
from rxconnect.models import Discrepancy, Refund
from rxconnect.payments.sandbox_faults import Fault
from rxconnect.services.books import finance
from rxconnect.services.money import processor
from rxconnect.services.purchases import checkout
from rxconnect.services.refunds import refund_payouts, refunds
from tests.services.buying import buy, order
from tests.services.moneyed import NO_REFUND, intent_of, live, within_a_month

NOON = datetime(2026, 11, 20, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def always_within_a_month():
    with within_a_month():
        yield


@pytest.fixture
def lived(database):
    return live()


@pytest.fixture
def place(facility):
    """A facility in Pacific time."""
    return facility(name="Cedar Ridge", time_zone="America/Los_Angeles")


@pytest.fixture
def administrator(actor, place):
    return actor(role=Role.ADMINISTRATOR, facility_id=place)


def overview(who, period=Period.THIS_MONTH):
    return db.read(finance.overview, who, period)


def test_the_figures_are_those_of_the_ledger(lived):
    books = overview(lived.administrator)
    # 20 + 8 + 6 + 5 + 9 + three times 10 credits at 25 ¢; refunds of 3 and 1; two disputes not won; 9 credits moved away.
    assert (books.facility, books.purchases, books.takings) == ("Alder County Jail", 8, "$19.50")
    assert (books.refunds, books.disputes, books.moved, books.net) == ("$1.00", "$5.00", "−$2.25", "$11.25")
    assert (books.unused, books.held, books.frozen) == ("43", "1", "10")
    assert sum(line.purchases for line in books.lines) == 8


def test_another_facilitys_money_is_not_shown(lived, actor):
    books = overview(actor(role=Role.AUDITOR, facility_id=lived.birch))
    assert (books.facility, books.takings, books.moved, books.net) == ("Birch County Jail", "$0.00", "$2.25", "$2.25")
    assert (books.unused, books.frozen, books.may_refund) == ("12", "0", False)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.TRAINER, None])
def test_who_may_not_see_it_is_refused(actor, place, role):
    who = actor(role=role, facility_id=place)
    with pytest.raises(NotAllowed):
        overview(who)
    with pytest.raises(NotAllowed):
        db.write(finance.look_up_receipt, who, "RX-0000-0000-0000")


def test_an_auditor_sees_it_and_may_look_nothing_up_for_a_refund(actor, place):
    auditor = actor(role=Role.AUDITOR, facility_id=place)
    assert not overview(auditor).may_refund
    with pytest.raises(NotAllowed):
        db.write(finance.look_up_receipt, auditor, "RX-0000-0000-0000")


def test_staff_without_a_facility_are_refused(actor):
    with pytest.raises(NotAllowed):
        overview(actor(role=Role.ADMINISTRATOR))


def test_a_period_is_one_on_the_facilitys_calendar(actor, place, administrator):
    buyer = actor()
    # The last minute of October and the first of November in Walla Walla, both in November by Greenwich.
    for moment, credits in (
        (datetime(2026, 11, 1, 6, 59, tzinfo=UTC), 10),
        (datetime(2026, 11, 1, 7, 1, tzinfo=UTC), 20),
    ):
        with clock.at(moment):
            buy(buyer, place, credits)
    with clock.at(NOON):
        this, last, year = (overview(administrator, period) for period in Period)
    assert (this.title, this.takings, [line.name for line in this.lines]) == ("November 2026", "$5.00", ["Nov 1"])
    assert (last.title, last.takings, [line.name for line in last.lines]) == ("October 2026", "$2.50", ["Oct 31"])
    assert (year.title, year.takings, len(year.chart.bars)) == ("2026", "$7.50", 12)
    assert [line.name for line in year.lines] == ["October 2026", "November 2026"]
    assert year.summary == "Most was taken in November 2026: $5.00."
    assert [bar.tick for bar in this.chart.bars if bar.tick] == ["1", "8", "15", "22", "29"]
    assert [(one.label, one.is_chosen) for one in last.periods] == [
        ("This month", False),
        ("Last month", True),
        ("This year", False),
    ]


@pytest.mark.parametrize("day", [(2026, 1, 31), (2028, 3, 1), (2026, 12, 31), (2027, 1, 1)])
def test_periods_have_no_gap_and_no_overlap(day):
    today = datetime(*day, tzinfo=UTC).date()
    last, this, year = (period.edges(today) for period in (Period.LAST_MONTH, Period.THIS_MONTH, Period.THIS_YEAR))
    assert last[-1] == this[0] == today.replace(day=1)
    assert this[0] <= today < this[-1]
    assert all(later - one == timedelta(days=1) for one, later in pairwise(this))
    assert (year[0], year[-1]) == (today.replace(month=1, day=1), today.replace(year=today.year + 1, month=1, day=1))


def test_a_refund_that_was_returned_counts_for_nothing(actor, place, administrator):
    buyer = actor()
    buy(buyer, place, 20, number=NO_REFUND)
    refunds.request_refund(buyer, place, 4, secrets.token_hex(16))
    assert overview(administrator).refunds == "$1.00"
    with clock.at(clock.now() + timedelta(hours=2)):
        refund_payouts.carry_out_due()
    assert overview(administrator).refunds == "$0.00"


def test_nothing_needs_a_look_when_all_is_well(actor, place, administrator):
    buyer = actor()
    buy(buyer, place)
    refunds.request_refund(buyer, place, 4, secrets.token_hex(16))
    books = overview(administrator)
    assert (books.unreconciled, books.unreconciled_count) == ([], 0)


def test_a_late_refund_needs_a_look(actor, place, administrator):
    buyer = actor()
    with clock.at(clock.now() - timedelta(hours=25)):
        purchase = buy(buyer, place, number=NO_REFUND)
        refunds.request_refund(buyer, place, 4, secrets.token_hex(16))
    (item,) = overview(administrator).unreconciled
    assert (item.what, item.amount, item.number) == ("A refund is not through", "$1.00", receipt_number(purchase.id))
    assert item.since == "1 day ago"


def test_a_purchase_without_an_outcome_needs_a_look_after_a_minute(actor, place, administrator):
    buyer = actor()
    purchase_id = order(buyer, place)
    processor.sandbox().plan("confirm", Fault.TIMEOUT_AFTER)
    checkout.submit(buyer, purchase_id)
    assert overview(administrator).unreconciled == []
    with clock.at(clock.now() + timedelta(seconds=61)):
        (item,) = overview(administrator).unreconciled
    assert (item.what, item.about, item.amount) == ("A purchase has no outcome yet", purchase_id, "$5.00")


def test_a_wrong_charge_that_could_not_be_returned_needs_a_look(actor, place, administrator):
    buyer = actor()
    purchase_id = order(buyer, place, number=NO_REFUND)
    processor.sandbox().plan("charge", Fault.WRONG_AMOUNT)
    checkout.submit(buyer, purchase_id)
    for hours in (0, 2):
        with clock.at(clock.now() + timedelta(hours=hours)):
            refund_payouts.carry_out_due()
    with db.reading() as session:
        assert session.exec(select(Refund)).one().status == "failed"
    (item,) = overview(administrator).unreconciled
    assert (item.what, item.amount, item.number) == ("A wrong charge could not be returned", "$6.00", "")


def test_a_difference_from_the_processors_books_needs_a_look_at_its_own_facility_only(
    actor, place, administrator, facility
):
    intent_id = intent_of(buy(actor(), place).id)
    with db.transaction() as session:
        values = {"about": intent_id, "our_cents": 500, "their_cents": 600}
        session.add(Discrepancy(kind=Mismatch.AMOUNT, facility_id=place, **values))
        session.add(Discrepancy(kind=Mismatch.REFUNDS, facility_id=place, resolved_at=clock.now(), **values))
        session.add(Discrepancy(kind=Mismatch.NOT_PAID_HERE, facility_id=facility(), **values))
    (item,) = overview(administrator).unreconciled
    assert (item.what, item.amount) == ("Amounts differ", "$5.00 here, $6.00 there")


def test_a_receipt_is_looked_up_with_what_is_unused_of_it(actor, place, administrator):
    buyer = actor(name="Ada Young")
    purchase = buy(buyer, place, 20)
    refunds.request_refund(buyer, place, 5, secrets.token_hex(16))
    found = db.write(finance.look_up_receipt, administrator, f" {purchase.receipt_number.lower()} ")
    assert (found.number, found.buyer, found.bought, found.paid) == (
        purchase.receipt_number,
        "Ada Young",
        "20 credits",
        "$5.00",
    )
    assert (found.credits, found.cents, found.card_label) == (15, 375, "Visa ending 4242")
    assert (found.cents_for(15), found.cents_for(1)) == (375, 25)


def test_a_receipt_of_another_facility_is_not_found(actor, facility, administrator):
    purchase = buy(actor(), facility())
    for number in (purchase.receipt_number, "RX-0000-0000-0000", ""):
        with pytest.raises(NotFound):
            db.write(finance.look_up_receipt, administrator, number)
