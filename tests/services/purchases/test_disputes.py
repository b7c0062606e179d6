"""A bank takes the money of a purchase back, and perhaps returns it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import Invalid
from rxconnect.models import Discrepancy, Email, Purchase
from rxconnect.payments.port import DisputeState
from rxconnect.payments.sandbox_faults import Fault
from rxconnect.services.books import comparison
from rxconnect.services.money import processor, wallets
from rxconnect.services.purchases import disputes
from rxconnect.services.refunds import refund_payouts, refunds
from tests.services.buying import buy, charged_cents, disputed_cents, is_sound, refunded_cents
from tests.services.moneyed import NO_REFUND, intent_of


def credits(two, facility_id):
    return db.read(wallets.balance, two.family.account_id, facility_id)


@pytest.fixture
def two(pair):
    """A family that bought 20 credits at 25 cents and has one letter in review."""
    two = pair(credits=0, facility_fields={"price_cents": 25})
    buy(two.family, two.facility_id, 20)
    two.send()
    return two


@pytest.fixture
def intent_id(two):
    with db.reading() as session:
        return session.exec(select(Purchase.intent_id)).one()


@pytest.fixture
def dispute(intent_id):
    """The id of a dispute that the buyer's bank has just opened."""
    dispute_id = processor.sandbox().open_dispute(intent_id)
    disputes.check_dispute(dispute_id)
    return dispute_id


def test_a_dispute_freezes_what_is_unused(two, dispute):
    assert credits(two, two.facility_id) == 0
    with pytest.raises(Invalid):
        refunds.request_refund(two.family, two.facility_id, 1, "press-one")
    assert disputed_cents() == 500
    assert is_sound()
    disputes.check_dispute(dispute)
    assert is_sound()


def test_a_dispute_about_credits_that_are_spent_freezes_none_of_another_purchase(two, intent_id):
    buy(two.family, two.facility_id, 30)
    for _ in range(24):
        two.send()
    assert credits(two, two.facility_id) == 25
    disputes.check_dispute(processor.sandbox().open_dispute(intent_id))
    assert (credits(two, two.facility_id), disputed_cents()) == (25, 500)
    assert is_sound()


@pytest.mark.parametrize(("is_won", "unused"), [(True, 19), (False, 0)])
def test_a_dispute_that_is_won_returns_everything_and_one_that_is_lost_nothing(two, dispute, is_won, unused):
    processor.sandbox().close_dispute(dispute, is_won=is_won)
    for _ in range(3):
        disputes.check_dispute(dispute)
    assert credits(two, two.facility_id) == unused
    with db.reading() as session:
        assert session.exec(select(Purchase.status)).one() == ("paid" if is_won else "disputed")
    assert is_sound()


def test_a_dispute_that_is_told_of_only_when_it_is_over_ends_the_same(two, intent_id):
    dispute_id = processor.sandbox().open_dispute(intent_id)
    processor.sandbox().close_dispute(dispute_id, is_won=True)
    disputes.check_dispute(dispute_id)
    assert processor.sandbox().retrieve_dispute(dispute_id).state is DisputeState.WON
    assert credits(two, two.facility_id) == 19
    assert is_sound()


def test_a_dispute_of_what_was_refunded_before_takes_nothing_twice(two, intent_id):
    refunds.request_refund(two.family, two.facility_id, 19, "press-one")
    dispute_id = processor.sandbox().open_dispute(intent_id)
    disputes.check_dispute(dispute_id)
    assert (refunded_cents(), disputed_cents()) == (475, 25)
    assert is_sound()
    processor.sandbox().close_dispute(dispute_id, is_won=True)
    disputes.check_dispute(dispute_id)
    assert is_sound()


def test_a_dispute_that_is_told_of_before_the_payment_settles_that_first(pair):
    two = pair(credits=0, facility_fields={"price_cents": 25})
    processor.sandbox().plan("confirm", Fault.TIMEOUT_AFTER)
    assert buy(two.family, two.facility_id, 20).status == "charging"
    with db.reading() as session:
        intent_id = session.exec(select(Purchase.intent_id)).one()
    disputes.check_dispute(processor.sandbox().open_dispute(intent_id))
    with db.reading() as session:
        assert session.exec(select(Purchase.status)).one() == "disputed"
    assert (charged_cents(), disputed_cents(), credits(two, two.facility_id)) == (500, 500, 0)
    assert is_sound()


def close(dispute_id, *, is_won):
    processor.sandbox().close_dispute(dispute_id, is_won=is_won)
    disputes.check_dispute(dispute_id)


def status():
    with db.reading() as session:
        return session.exec(select(Purchase.status)).one()


@pytest.mark.parametrize(("is_won", "unused", "ends"), [(True, 19, "paid"), (False, 11, "disputed")])
def test_a_dispute_about_a_part_takes_no_more_than_that(two, intent_id, is_won, unused, ends):
    dispute_id = processor.sandbox().open_dispute(intent_id, 210)
    disputes.check_dispute(dispute_id)
    # $2.10 paid for eight credits and a part of a ninth, which stays with the family.
    assert (credits(two, two.facility_id), status()) == (11, "disputed")
    assert is_sound()
    close(dispute_id, is_won=is_won)
    assert (credits(two, two.facility_id), status()) == (unused, ends)
    assert is_sound()


def test_of_two_disputes_about_one_purchase_both_have_to_be_won(two, intent_id):
    first, second = (processor.sandbox().open_dispute(intent_id, cents) for cents in (200, 300))
    for dispute_id in (first, second):
        disputes.check_dispute(dispute_id)
    assert (credits(two, two.facility_id), disputed_cents()) == (0, 500)
    assert is_sound()
    close(second, is_won=True)
    assert (credits(two, two.facility_id), status()) == (11, "disputed")
    close(first, is_won=True)
    assert (credits(two, two.facility_id), status()) == (19, "paid")
    assert is_sound()


def test_a_second_dispute_after_a_lost_one_is_taken_in(two, intent_id):
    close(processor.sandbox().open_dispute(intent_id, 200), is_won=False)
    second = processor.sandbox().open_dispute(intent_id, 300)
    disputes.check_dispute(second)
    close(second, is_won=True)
    assert (credits(two, two.facility_id), status()) == (11, "disputed")
    assert is_sound()


def open_differences():
    with db.reading() as session:
        rows = session.exec(select(Discrepancy).where(Discrepancy.resolved_at.is_(None))).all()
        return [(row.kind, row.our_cents, row.their_cents) for row in rows]


def test_a_bank_that_takes_more_than_there_is_is_for_a_person_to_look_at_until_it_returns_it(two, intent_id):
    dispute_id = processor.sandbox().open_dispute(intent_id, 600)
    disputes.check_dispute(dispute_id)
    assert open_differences() == [("dispute differs", 500, 600)]
    close(dispute_id, is_won=True)
    assert open_differences() == []
    assert credits(two, two.facility_id) == 19
    assert is_sound()


def test_a_dispute_that_differs_does_not_make_the_nights_reach_back_to_it(two, intent_id, monkeypatch):
    disputes.check_dispute(processor.sandbox().open_dispute(intent_id, 600))
    asked = []
    monkeypatch.setattr(comparison, "compare_between", lambda since, until: asked.append(until - since))
    with clock.at(clock.now() + timedelta(days=20)):
        assert comparison.compare_due().done
    assert asked == [timedelta(days=3)]


@pytest.fixture(params=["sqlite", "postgresql"])
def overtaken(request, pair):
    """A family that bought 20 credits, and whose bank took all $5.00 while 8 of them were on their way back to the card.

    Returns it with the dispute's id, in each of the databases; the card will take nothing back.
    """
    if request.param == "postgresql":
        request.getfixturevalue("use")("postgresql")
    two = pair(credits=0, facility_fields={"price_cents": 25})
    paid = buy(two.family, two.facility_id, 20, number=NO_REFUND)
    refunds.request_refund(two.family, two.facility_id, 8, "press-one")
    dispute_id = processor.sandbox().open_dispute(intent_of(paid.id), 500)
    disputes.check_dispute(dispute_id)
    assert open_differences() == [("dispute differs", 300, 500)]
    return two, dispute_id


def let_the_refund_fail():
    with clock.at(clock.now() + timedelta(hours=2)):
        assert refund_payouts.carry_out_due().done == 1


@pytest.mark.parametrize(("is_won", "unused"), [(True, 20), (False, 0)])
def test_what_a_refund_gives_back_after_the_bank_took_it_is_frozen(overtaken, is_won, unused):
    two, dispute_id = overtaken
    let_the_refund_fail()
    assert (credits(two, two.facility_id), disputed_cents(), open_differences()) == (0, 500, [])
    assert is_sound()
    close(dispute_id, is_won=is_won)
    assert credits(two, two.facility_id) == unused
    assert is_sound()


@pytest.mark.parametrize(("is_won", "unused"), [(True, 20), (False, 0)])
def test_nor_is_it_there_to_use_when_the_bank_has_decided_before(overtaken, is_won, unused):
    two, dispute_id = overtaken
    close(dispute_id, is_won=is_won)
    let_the_refund_fail()
    assert (credits(two, two.facility_id), open_differences()) == (unused, [])
    assert is_sound()


def test_of_what_a_refund_gives_back_the_bank_has_only_what_it_took(pair):
    two = pair(credits=0, facility_fields={"price_cents": 25})
    paid = buy(two.family, two.facility_id, 20, number=NO_REFUND)
    refunds.request_refund(two.family, two.facility_id, 8, "press-one")
    disputes.check_dispute(processor.sandbox().open_dispute(intent_of(paid.id), 400))
    let_the_refund_fail()
    assert (credits(two, two.facility_id), disputed_cents()) == (4, 400)
    with db.reading() as session:
        body = session.exec(select(Email.body).where(Email.subject == "A refund was not possible")).one()
    assert "4 credits of it are back in your wallet" in body
    assert is_sound()


def test_the_family_is_not_told_that_credits_are_back_which_its_bank_has(overtaken):
    let_the_refund_fail()
    with db.reading() as session:
        body = session.exec(select(Email.body).where(Email.subject == "A refund was not possible")).one()
    assert "already reversed some of this payment by itself" in body
    assert "in your wallet" not in body


def test_what_another_dispute_won_back_goes_to_the_bank_that_was_short_of_it(two, intent_id):
    first, second = (processor.sandbox().open_dispute(intent_id, cents) for cents in (300, 400))
    for dispute_id in (first, second):
        disputes.check_dispute(dispute_id)
    assert open_differences() == [("dispute differs", 200, 400)]
    close(first, is_won=True)
    assert (credits(two, two.facility_id), status(), open_differences()) == (4, "disputed", [])
    close(second, is_won=True)
    assert (credits(two, two.facility_id), status()) == (19, "paid")
    assert is_sound()
