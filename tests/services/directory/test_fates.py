"""What became of a contact: only what the list said, and what the ledger did."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.models import Facility, Inmate, InmateAbsence, InmateMove
from rxconnect.search import directory
from rxconnect.services.directory import contacts
from rxconnect.services.directory.fates import NEW_FOR
from rxconnect.services.leaving import departures
from rxconnect.services.refunds import refund_payouts
from tests.services.buying import buy
from tests.services.conftest import give_credits
from tests.services.moneyed import NO_REFUND

DAY = timedelta(days=1)


@pytest.fixture
def two(pair):
    """A family that bought 20 credits at 25 cents for Marcus at Cedar Ridge."""
    two = pair(credits=0, facility_fields={"price_cents": 25, "name": "Cedar Ridge"})
    buy(two.family, two.facility_id, 20)
    return two


def become(two, custody, **absence):
    """What an import does when a list says so, or when somebody is missing from it."""
    with db.transaction() as session:
        session.get_one(Inmate, two.inmate_id).custody = custody
        if absence:
            session.add(InmateAbsence(inmate_id=two.inmate_id, names="marcus rivera", due_at=clock.now(), **absence))


def move(two, to):
    with db.transaction() as session:
        session.add(InmateMove(inmate_id=two.inmate_id, from_facility_id=two.facility_id, number="A1"))
        directory.lock_directory(session)
        session.get_one(Inmate, two.inmate_id).facility_id = to


def follow_up():
    departures.follow_up_departures()
    refund_payouts.carry_out_due()


def fate(two):
    contact = db.read(contacts.get_even_removed, two.family, two.contact_id)
    return contact.fate_label, contact.fate_note


def news(two):
    return [one.label for one in db.read(contacts.news, two.family)]


def test_nothing_is_said_of_somebody_who_is_where_they_were(two):
    assert (fate(two), news(two)) == (("", ""), [])


def test_a_list_that_says_released_is_quoted_with_its_day_and_the_refund(two):
    become(two, "released", since=(now := clock.now()), released_at=now)
    label, note = fate(two)
    assert label == "Released"
    assert "The list of Cedar Ridge of" in note
    assert "says that Marcus was released" in note
    assert "goes back to your card by itself" in note
    follow_up()
    assert "$5.00 for your unused credits went back to your card." in fate(two)[1]
    assert "still have" not in fate(two)[1]
    assert news(two) == ["Released"]


def test_somebody_who_was_missing_counts_as_released_and_was_not_said_to_be(two):
    become(two, "released", since=clock.now() - 4 * DAY, released_at=clock.now())
    note = fate(two)[1]
    assert "has been missing from the lists" in note
    assert "says that" not in note


def test_somebody_who_is_only_missing_is_not_released(two):
    become(two, "held", since=clock.now() - DAY)
    label, note = fate(two)
    assert label.startswith("Not on the list since")
    assert "You can still write" in note
    assert "eleased" not in label + note


def test_a_release_of_long_ago_is_told_with_the_contact_and_is_no_news(two):
    become(two, "released")
    assert fate(two)[0] == "Released"
    assert "counts as released from Cedar Ridge" in fate(two)[1]
    assert news(two) == []


def test_credits_stay_for_others_and_it_says_so(two, inmate, add_contact):
    add_contact(two.family, inmate(two.facility_id))
    become(two, "released", since=(now := clock.now()), released_at=now)
    follow_up()
    assert "You still have 20 credits at Cedar Ridge, for the other people you write to there." in fate(two)[1]


def test_a_card_that_takes_nothing_back_is_not_passed_over(pair):
    two = pair(credits=0, facility_fields={"name": "Cedar Ridge"})
    buy(two.family, two.facility_id, 20, number=NO_REFUND)
    become(two, "released", since=(now := clock.now()), released_at=now)
    follow_up()
    with clock.at(clock.now() + timedelta(hours=2)):
        refund_payouts.carry_out_due()
        note = fate(two)[1]
    assert "Your card did not take the money back, so you still have 20 credits at Cedar Ridge." in note


def test_credits_that_nobody_paid_for_are_promised_to_no_card(pair):
    two = pair(credits=0, facility_fields={"name": "Cedar Ridge"})
    give_credits(two.family, two.facility_id, 3)
    become(two, "released")
    assert "You still have 3 credits at Cedar Ridge." in fate(two)[1]
    assert "card" not in fate(two)[1]


def test_credits_of_a_removed_contact_do_not_go_back_by_themselves(two):
    db.write(contacts.remove, two.family, two.contact_id)
    become(two, "released")
    follow_up()
    assert "Under Credits you can ask for the money back." in fate(two)[1]
    assert news(two) == []


def test_a_move_names_both_facilities_and_what_the_credits_became(two, facility):
    move(two, facility(name="Harbor", price_cents=20))
    label, note = fate(two)
    assert label.startswith("Moved here on")
    assert "Marcus was moved from Cedar Ridge to Harbor on" in note
    assert "You can write to them there." in note
    assert "follow by themselves" in note
    follow_up()
    assert "Your 20 credits at Cedar Ridge became 25 credits at Harbor, worth the same." in fate(two)[1]
    assert news(two) == [label]
    with clock.at(clock.now() + NEW_FOR + DAY):
        assert (fate(two), news(two)) == (("", ""), [])


def test_credits_wait_for_a_facility_that_is_not_open(two, facility):
    harbor = facility(name="Harbor", opening="listed")
    move(two, harbor)
    follow_up()
    note = fate(two)[1]
    assert "This facility does not use RxConnect yet." in note
    assert "Your 20 credits stay at Cedar Ridge until Harbor opens." in note
    with db.transaction() as session:
        session.get_one(Facility, harbor).opening = "open"
    follow_up()
    assert "became" in fate(two)[1]


def test_a_move_before_they_became_a_contact_is_no_news(two, facility, actor, add_contact):
    move(two, facility(name="Harbor"))
    with clock.at(clock.now() + DAY):
        late = actor()
        add_contact(late, two.inmate_id)
        assert db.read(contacts.news, late) == []


def test_moved_to_a_place_that_no_list_names(two):
    become(two, "moved")
    label, note = fate(two)
    assert label == "Moved to another facility"
    assert "We do not know yet to which one." in note
    assert "You still have 20 credits at Cedar Ridge." in note
