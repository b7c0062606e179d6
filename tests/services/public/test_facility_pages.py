"""What everybody may know of a facility: its price, review time and rules, from the same figures as composing."""

from __future__ import annotations

import pytest

from rxconnect import db
from rxconnect.domain.errors import Invalid, NotFound
from rxconnect.services.messages import drafts
from rxconnect.services.public import facility_pages


def page(key):
    return db.read(facility_pages.page, key)


def test_a_page_has_the_price_the_address_and_the_rules(facility):
    facility(
        key="cedar",
        name="Cedar Ridge",
        kind="State prison",
        address="2200 Ridge Road",
        city="Walla Walla",
        state="WA",
        zip_code="99362",
        price_cents=25,
        min_credits=5,
        max_credits=200,
        characters_per_credit=2000,
        character_limit=6000,
        rules=["No codes."],
    )
    place = page("cedar")
    assert (place.name, place.place, place.price) == ("Cedar Ridge", "Walla Walla, WA", "25\u00a0¢")
    assert place.address == ["2200 Ridge Road", "Walla Walla, WA 99362"]
    assert place.rules == ["No codes."]
    assert "1 credit for every 2,000 characters" in place.costs[0]
    assert "5 credits cost $1.25" in place.costs[2]


def test_the_review_time_is_the_one_that_composing_shows(pair):
    two = pair(facility_fields={"key": "cedar"})
    assert page("cedar").review_time == db.read(drafts.get, two.family, two.draft()).review_time


def test_a_facility_that_is_not_open_promises_no_time_and_sells_nothing(facility):
    facility(key="listed", name="Birch", opening="listed")
    assert (page("listed").review_time, page("listed").is_open) == ("", False)
    (line,) = db.read(facility_pages.lines, "Birch")
    assert (line.price, line.is_open) == ("", False)


@pytest.mark.parametrize("key", ["", "nobody", "x" * 5_000, "cedar' OR 1=1 --", "\x00"])
def test_an_unknown_key_is_not_found(facility, key):
    facility(key="cedar")
    with pytest.raises(NotFound):
        page(key)


def test_the_list_begins_with_those_that_are_open(facility):
    facility(name="Cedar Ridge")
    facility(name="Alder House")
    facility(name="Birch", opening="listed")
    for text in ("", " ", "x"):
        assert [one.name for one in db.read(facility_pages.lines, text)] == ["Alder House", "Cedar Ridge"]
    assert [one.name for one in db.read(facility_pages.lines, "birch")] == ["Birch"]
    with pytest.raises(Invalid):
        db.read(facility_pages.lines, "cedar " * 40)


def test_prices_are_said_from_the_cheapest_to_the_dearest_open_facility(facility):
    assert db.read(facility_pages.prices_sentence) == ""
    facility(price_cents=25)
    assert db.read(facility_pages.prices_sentence) == "One credit costs 25\u00a0¢, with everything included."
    facility(price_cents=110)
    facility(price_cents=1, opening="listed")
    assert "from 25\u00a0¢ to $1.10" in db.read(facility_pages.prices_sentence)
