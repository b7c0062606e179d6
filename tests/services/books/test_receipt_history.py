"""The history: every movement of a family's money once, nobody else's, fifty at a time, and sums of what is shown."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import NotFound
from rxconnect.domain.receipts import LINES_PER_PAGE, Filter, MovementKind
from rxconnect.models import Purchase, Receipt
from rxconnect.services.books import receipt_history
from rxconnect.services.refunds import refunds
from tests.services import moneyed
from tests.services.buying import buy


@pytest.fixture
def place(facility):
    return facility(name="Cedar Ridge", price_cents=25, time_zone="America/Los_Angeles")


def history_of(actor, start=0, **wanted):
    return db.read(receipt_history.history_page, actor, Filter(**wanted), start=start)


def test_nothing_was_paid_yet(actor):
    history = history_of(actor())
    assert (history.lines, history.total, history.first, history.last) == ([], 0, 0, 0)
    assert (history.paid, history.refunded) == ("$0.00", "$0.00")
    assert (history.facilities, history.years, history.kinds) == ([], [], [])


def test_receipts_come_newest_first_and_lead_to_themselves(actor, place):
    buyer = actor()
    numbers = [buy(buyer, place).receipt_number for _ in range(3)]
    lines = history_of(buyer).lines
    assert [line.number for line in lines] == numbers[::-1]
    assert (lines[0].what, lines[0].amount, lines[0].status) == ("20 credits bought", "$5.00", "")
    assert lines[0].about.startswith("Cedar Ridge · ")


def test_a_stranger_sees_nothing_of_it(actor, place):
    buy(actor(), place)
    assert history_of(actor()).total == 0


def test_refunds_have_lines_of_their_own_and_count_while_they_are_on_their_way(actor, place):
    buyer = actor()
    number = buy(buyer, place, 20, number=moneyed.NO_REFUND).receipt_number
    refunds.request_refund(buyer, place, 4, secrets.token_hex(8))
    history = history_of(buyer)
    refund, purchase = history.lines
    assert (refund.what, refund.amount, refund.status, refund.number) == (
        "Refund of 4 credits",
        "−$1.00",
        "On its way",
        number,
    )
    assert purchase.status == "Refund on its way"
    assert (history.paid, history.refunded) == ("$5.00", "$1.00")


def test_every_filter_shows_its_own_and_sums_what_it_shows(actor, facility, place):
    buyer, other = actor(), facility(name="Birch", price_cents=50)
    buy(buyer, place, 20)
    buy(buyer, other, 10)
    refunds.request_refund(buyer, other, 2, secrets.token_hex(8))
    assert [(line.about.partition(" · ")[0], line.what) for line in history_of(buyer, facility_id=place).lines] == [
        ("Cedar Ridge", "20 credits bought")
    ]
    assert (history_of(buyer, facility_id=other).paid, history_of(buyer, facility_id=other).refunded) == (
        "$5.00",
        "$1.00",
    )
    assert [line.what for line in history_of(buyer, kind=MovementKind.REFUND).lines] == ["Refund of 2 credits"]
    assert history_of(buyer, year=2001).total == 0
    assert history_of(buyer, facility_id=0).total == 0
    assert [choice.value for choice in history_of(buyer).kinds] == ["purchases", "refunds"]


def test_a_year_is_the_one_on_the_facilitys_calendar(actor, place):
    buyer = actor()
    # Seven in the morning of New Year's Day in London is eleven in the evening before, at Cedar Ridge.
    with clock.at(datetime(2025, 1, 1, 7, tzinfo=UTC)):
        buy(buyer, place)
    with clock.at(datetime(2025, 1, 1, 9, tzinfo=UTC)):
        buy(buyer, place)
    assert (history_of(buyer, year=2024).total, history_of(buyer, year=2025).total) == (1, 1)
    assert [choice.value for choice in history_of(buyer).years] == ["2025", "2024"]
    assert history_of(buyer, year=2024).lines[0].about == "Cedar Ridge · Dec 31, 2024 · Visa ending 4242"


def test_a_browser_gets_fifty_lines_at_a_time_and_the_sums_of_all(actor, place):
    buyer = actor()
    first = buy(buyer, place)
    with db.transaction() as session:
        copies(session, first.receipt_number, LINES_PER_PAGE + 9)
    newest, rest, nothing = history_of(buyer), history_of(buyer, LINES_PER_PAGE), history_of(buyer, 5 * LINES_PER_PAGE)
    assert (len(newest.lines), newest.first, newest.last, newest.total) == (
        LINES_PER_PAGE,
        1,
        LINES_PER_PAGE,
        LINES_PER_PAGE + 10,
    )
    assert (len(rest.lines), rest.first, rest.last) == (10, LINES_PER_PAGE + 1, LINES_PER_PAGE + 10)
    assert rest.lines[-1].number == first.receipt_number
    assert newest.paid == rest.paid == "$300.00"
    assert (nothing.lines, nothing.first) == ([], 0)
    assert len({line.key for line in [*newest.lines, *rest.lines]}) == LINES_PER_PAGE + 10


def copies(session, number, times):
    """More receipts like one, each later than the one before."""
    receipt = session.exec(select(Receipt).where(Receipt.number == number)).one().model_dump()
    purchase = session.get_one(Purchase, receipt["purchase_id"]).model_dump()
    for place in range(times):
        own = {"purchase_id": f"{place:032}", "issued_at": clock.now() + timedelta(minutes=place)}
        session.add(Purchase(**purchase | {"id": own["purchase_id"]}))
        session.flush()
        session.add(Receipt(**receipt | own | {"number": f"RX-{place:04}-0000-0000"}))


@pytest.mark.parametrize(
    "nonsense",
    [
        {"facility": "x"},
        {"facility": "-1"},
        {"facility": "9" * 40},
        {"year": "٢٠٢٦"},
        {"year": "2026.0"},
        {"year": "\0"},
        {"kind": "everything"},
        {"kind": "PURCHASES"},
    ],
)
def test_a_filter_that_cannot_be_one_is_refused(nonsense):
    with pytest.raises(NotFound):
        Filter.parse(**nonsense)


def test_a_filter_reads_back_what_it_writes_into_an_address():
    assert Filter.parse("3", "2026", "refunds") == Filter(3, 2026, MovementKind.REFUND)
    assert Filter(3, 2026, MovementKind.REFUND).query == "facility=3&year=2026&kind=refunds"
    assert Filter.parse() == Filter()
    assert Filter().query == ""
