"""The disk is full in the middle of things: whoever was too late is told so, and what had begun is finished later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import event

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import Unavailable
from rxconnect.services.purchases import checkout
from rxconnect.services.refunds import refund_payouts, refunds
from tests.services.buying import buy, is_sound


@contextmanager
def no_room() -> Iterator[None]:
    """SQLite's file may not grow, and SQLite says what it says when the disk is full."""

    def no_more(connection, _record):
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")

    engine = db.write_engine()
    engine.dispose()
    event.listen(engine, "connect", no_more)
    try:
        yield
    finally:
        event.remove(engine, "connect", no_more)
        engine.dispose()


@pytest.fixture
def two(pair):
    """A family with a thousand credits that it has bought."""
    two = pair(credits=0, facility_fields={"price_cents": 25, "max_credits": 1000})
    buy(two.family, two.facility_id, 1000)
    return two


DEEDS = {
    "buy": lambda two, _: buy(two.family, two.facility_id, 10),
    "send": lambda two, _: two.send("Hello", "We miss you. " * 20),
    "refund": lambda two, number: refunds.request_refund(two.family, two.facility_id, 1, f"press-{number:04}"),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_all_books_agree_when_there_is_room_again(two, deed):
    with no_room(), pytest.raises(Unavailable, match="full"):
        for number in count():
            DEEDS[deed](two, number)
    with clock.at(clock.now() + timedelta(minutes=5)):
        checkout.reconcile()
        refund_payouts.carry_out_due()
    assert is_sound()
    DEEDS[deed](two, 9_999)
    assert is_sound()
