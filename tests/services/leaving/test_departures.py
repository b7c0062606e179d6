"""Somebody is released or moves, an account is closed: the money goes where it belongs."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import event, insert
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import Invalid, NotAllowed, ReopeningNeeded
from rxconnect.models import (
    Account,
    Contact,
    Email,
    Facility,
    Inmate,
    InmateMove,
    Item,
    LedgerAccount,
    Receipt,
    Transfer,
)
from rxconnect.search import directory
from rxconnect.services.accounts import accounts, sign_ins
from rxconnect.services.books import unreconciled
from rxconnect.services.leaving import closings, departures, reopenings
from rxconnect.services.money import wallets
from rxconnect.services.purchases import receipts
from rxconnect.services.refunds import refund_payouts, refunds, staff_refunds
from tests import worlds
from tests.services.buying import buy, charged_cents, is_sound, refunded_cents
from tests.services.moneyed import NO_REFUND


def credits(two, facility_id):
    return db.read(wallets.balance, two.family.account_id, facility_id)


def release(inmate_id):
    with db.transaction() as session:
        session.get_one(Inmate, inmate_id).custody = "released"


def move(inmate_id, to):
    """What a roster does that lists somebody at another facility."""
    with db.transaction() as session:
        person = session.get_one(Inmate, inmate_id)
        session.add(InmateMove(inmate_id=inmate_id, from_facility_id=person.facility_id, number=person.number))
        directory.lock_directory(session)
        person.facility_id = to


@pytest.fixture
def two(pair):
    """A family that bought 20 credits at 25 cents and has one letter in review."""
    two = pair(credits=0, facility_fields={"price_cents": 25, "name": "Cedar Ridge"})
    buy(two.family, two.facility_id, 20)
    two.send()
    return two


def test_when_somebody_is_released_letters_come_back_and_all_of_it_is_refunded(two):
    release(two.inmate_id)
    departures.follow_up_departures()
    refund_payouts.carry_out_due()
    (refund,) = db.read(refunds.my_refunds, two.family)
    assert (refund.credits, refund.cause, refund.status) == (20, "Your person was released", "paid")
    assert credits(two, two.facility_id) == 0
    assert is_sound()
    assert departures.follow_up_departures().done == 0


def test_the_wallet_stays_while_somebody_else_there_can_be_written_to(two, inmate, add_contact):
    add_contact(two.family, inmate(two.facility_id))
    release(two.inmate_id)
    departures.follow_up_departures()
    assert credits(two, two.facility_id) == 20


def test_the_value_follows_somebody_who_moves_in_one_journal_and_a_notice_explains_it(two, facility):
    harbor = facility(name="Harbor County", price_cents=20)
    move(two.inmate_id, harbor)
    departures.follow_up_departures()
    # 20 credits of 25 cents are worth 500 cents, which are 25 credits of 20 cents.
    assert (credits(two, two.facility_id), credits(two, harbor)) == (0, 25)
    with db.reading() as session:
        transfer = session.exec(select(Transfer)).one()
        assert (transfer.credits, transfer.new_credits, transfer.cents) == (20, 25, 500)
        assert "worth $5.00" in session.exec(select(Email.body).order_by(Email.id.desc())).first()
    assert is_sound()
    refunds.request_refund(two.family, harbor, 25, "press-one")
    assert refunded_cents() == 500
    assert is_sound()


def test_parts_of_a_credit_are_rounded_up_and_the_money_stays_the_same(two, facility):
    dear = facility(price_cents=35)
    move(two.inmate_id, dear)
    departures.follow_up_departures()
    assert credits(two, dear) == 15
    back = two.facility_id
    move(two.inmate_id, back)
    departures.follow_up_departures()
    assert (credits(two, dear), credits(two, back)) == (0, 20)
    refunds.request_refund(two.family, back, 20, "press-one")
    assert refunded_cents() == charged_cents() == 500
    assert is_sound()


def test_staff_can_refund_a_purchase_whose_credits_moved_away_and_came_back(two, facility, actor):
    with db.reading() as session:
        number = session.exec(select(Receipt.number)).one()
    for place in (facility(price_cents=20), two.facility_id):
        move(two.inmate_id, place)
        departures.follow_up_departures()
    administrator = actor(role=Role.ADMINISTRATOR, facility_id=two.facility_id)
    (refund,) = staff_refunds.request_refund(administrator, number, 5, "It was a mistake of ours.")
    assert (refund.credits, credits(two, two.facility_id)) == (5, 15)
    assert is_sound()


def test_what_was_spent_before_a_move_does_not_follow(two, facility):
    from rxconnect.services.review import review

    sent = two.send().id
    db.write(review.approve, two.reviewer, sent)
    db.write(review.deliver, two.reviewer, sent)
    harbor = facility(price_cents=20)
    move(two.inmate_id, harbor)
    departures.follow_up_departures()
    # 19 credits of 25 cents are 475 cents: 23.75 credits, so 24.
    assert credits(two, harbor) == 24
    refunds.request_refund(two.family, harbor, 24, "press-one")
    assert refunded_cents() == 475
    assert is_sound()


def test_credits_wait_while_the_new_facility_is_not_open(two, facility):
    closed = facility(opening="paused")
    move(two.inmate_id, closed)
    departures.follow_up_departures()
    assert credits(two, two.facility_id) == 20
    with db.transaction() as session:
        session.get_one(Facility, closed).opening = "open"
    departures.follow_up_departures()
    assert credits(two, two.facility_id) == 0
    assert is_sound()


def test_a_closed_account_gets_everything_back_and_opens_again_by_signing_in(facility, inmate, database):
    place = facility(price_cents=25)
    accounts.sign_up("rosa.d@example.org", "Rosa Diaz", "a long good password", Browser("203.0.113.5"))
    with db.reading() as session:
        account = session.exec(select(Account)).one()
    owner = db.read(sign_ins.actor_for, db.write(sign_ins.create_sign_in, account.id))
    number = buy(owner, place, 20, save=True).receipt_number
    with pytest.raises(Invalid):
        closings.close_account(owner, "another password")
    closings.close_account(owner, "a long good password")
    (refund,) = db.read(refunds.my_refunds, owner)
    assert (refund.amount, refund.status) == ("$5.00", "paid")
    with db.reading() as session:
        account = session.get_one(Account, owner.account_id)
        assert account.closed_at
        assert session.connection().exec_driver_sql("SELECT count(*) FROM card WHERE removed_at IS NULL").scalar() == 0
    here = Browser("203.0.113.5")
    with pytest.raises(ReopeningNeeded) as asked:
        sign_ins.sign_in("rosa.d@example.org", "a long good password", here)
    again = db.read(sign_ins.actor_for, db.write(reopenings.reopen, asked.value.token, here))
    assert db.read(receipts.get, again, number).number == number
    with db.reading() as session:
        assert session.get_one(Account, owner.account_id).closed_at is None
    assert is_sound()


def test_a_card_that_takes_nothing_back_is_asked_once_and_staff_are_told(pair):
    two = pair(credits=0, facility_fields={"price_cents": 25})
    buy(two.family, two.facility_id, 8)
    buy(two.family, two.facility_id, 20, number=NO_REFUND)
    release(two.inmate_id)
    for hour in range(6):
        with clock.at(clock.now() + timedelta(hours=2 * hour)):
            departures.follow_up_departures()
            refund_payouts.carry_out_due()
    made = db.read(refunds.my_refunds, two.family)
    assert sorted((refund.credits, refund.status) for refund in made) == [(8, "paid"), (20, "failed")]
    assert credits(two, two.facility_id) == 20
    with db.reading() as session:
        assert len(session.exec(select(Email).where(Email.subject.contains("not possible"))).all()) == 1
        here = unreconciled.open_items(session, session.get_one(Facility, two.facility_id))
    assert [(item.what, item.amount) for item in here] == [("What was left could not be refunded", "$5.00")]
    assert is_sound()

    with db.transaction() as session:
        session.get_one(Inmate, two.inmate_id).custody = "held"
        wallets.hold(session, two.family.account_id, two.facility_id, 20, key="spent", subject="message:0")
    with db.reading() as session:
        assert unreconciled.open_items(session, session.get_one(Facility, two.facility_id)) == []


def test_closing_an_account_again_asks_the_card_again(facility, database):
    place = facility(price_cents=25)
    accounts.sign_up("rosa.d@example.org", "Rosa Diaz", "a long good password", Browser("203.0.113.5"))
    with db.reading() as session:
        account = session.exec(select(Account)).one()
    owner = db.read(sign_ins.actor_for, db.write(sign_ins.create_sign_in, account.id))
    buy(owner, place, 20, number=NO_REFUND)
    for closing in (1, 2):
        closings.close_account(owner, "a long good password")
        with clock.at(clock.now() + timedelta(hours=2 * closing)):
            refund_payouts.carry_out_due()
            departures.follow_up_departures()
        assert [refund.status for refund in db.read(refunds.my_refunds, owner)] == ["failed"] * closing
        with pytest.raises(ReopeningNeeded) as asked:
            sign_ins.sign_in("rosa.d@example.org", "a long good password", Browser("203.0.113.5"))
        db.write(reopenings.reopen, asked.value.token, Browser("203.0.113.5"))
    assert is_sound()


def test_staff_accounts_are_not_closed_here(pair):
    with pytest.raises(NotAllowed):
        closings.close_account(pair().reviewer, "whatever it is")


@pytest.fixture
def rows_read(database):
    """How many rows each statement has read, by its cursor."""
    read = Counter()

    def count(cursor, row):
        read[cursor] += 1
        return row

    worlds.disconnect()
    for engine in (db.read_engine(), db.write_engine()):
        event.listen(engine, "connect", lambda connection, _record: setattr(connection, "row_factory", count))
    return read


def leave_wallets(count, facility_id, inmate_id):
    """So many families whose person is not there any more, each with a credit that no card has paid for."""
    with db.transaction() as session:
        names = [{"email": f"{number}@example.org", "name": "Ada", "password_hash": "none"} for number in range(count)]
        session.execute(insert(Account), names)
        families = session.exec(select(Account.id).where(Account.name == "Ada")).all()
        session.execute(insert(Contact), [{"account_id": family, "inmate_id": inmate_id} for family in families])
        one_credit = {"kind": "wallet", "facility_id": facility_id, "unit": "credit", "balance": 1}
        session.execute(insert(LedgerAccount), [one_credit | {"owner_id": family} for family in families])


def test_ten_thousand_departures_are_never_read_at_once(facility, inmate, rows_read):
    alder = facility()
    leave_wallets(10_000, alder, inmate(alder, custody="released"))
    rows_read.clear()
    batch = departures.follow_up_departures()
    assert batch.resume_after
    assert max(rows_read.values()) == departures._BATCH == 200


def test_wallets_that_stay_do_not_keep_later_ones_from_their_turn(pair, inmate, monkeypatch):
    two = pair(credits=0, facility_fields={"price_cents": 25})
    leave_wallets(5, two.facility_id, inmate(two.facility_id, custody="released"))
    buy(two.family, two.facility_id, 20)
    release(two.inmate_id)
    monkeypatch.setattr(departures, "_BATCH", 2)
    looks = [departures.follow_up_departures()]
    while looks[-1].resume_after:
        looks.append(departures.follow_up_departures(looks[-1].resume_after))
    assert [look.done for look in looks] == [0, 0, 1, 0]
    assert credits(two, two.facility_id) == 0


def test_a_message_that_cannot_be_returned_holds_up_no_other(two):
    first, second = (two.send(f"Letter {number}").id for number in (1, 2))
    release(two.inmate_id)
    with db.transaction() as session:
        # More credits than are held: only a fault of ours could do that.
        session.exec(select(Item).where(Item.message_id == first)).one().credits = 99
    batch = departures.follow_up_departures()
    assert len(batch.errors) == 1
    assert (two.message(first).status, two.message(second).status) == ("in review", "undeliverable")
