"""Letters that wait for somebody who moves: they follow at no higher price, are kept, or their credits come back."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain.desk import DeskFilter
from rxconnect.domain.explanations import Verdict
from rxconnect.domain.messages import Reason
from rxconnect.domain.review import Outcome, Queue
from rxconnect.models import Appeal, Email, Facility, Inmate, Item, QueueEntry
from rxconnect.services.books import explanations
from rxconnect.services.directory import contact_reviews
from rxconnect.services.leaving import departures
from rxconnect.services.money import ledger, wallets
from rxconnect.services.paper import batches
from rxconnect.services.review import appeals, queue, review
from rxconnect.services.screening import submissions
from tests.services.conftest import tie
from tests.services.lawyers import verified
from tests.services.leaving.test_departures import move, release
from tests.services.messages.test_items import send
from tests.services.review.desks import claim, commit, decide, later, states
from tests.services.scheduling.running import run_job


@pytest.fixture(params=["sqlite", "postgresql"])
def letters(request, database, use):
    use(request.param)


@pytest.fixture
def two(letters, pair):
    """`two("reroute")`: a family with a letter in review, and another facility, which is dearer."""

    def make(rule="reroute", **elsewhere):
        writer = pair(credits=10, first_name="Marcus", facility_fields={"when_moved": rule, "price_cents": 25})
        other = pair(credits=0, facility_fields={"price_cents": 90, "name": "Harbor County"} | elsewhere)
        return writer, other, writer.send().id

    return make


def follow():
    assert departures.follow_up_departures().errors == []
    run_job(submissions.screen_due)


def appealed(pair):
    return [line.message_id for line in db.read(queue.page, pair.reviewer, DeskFilter(queue=Queue.APPEALS)).lines]


def subjects():
    with db.reading() as session:
        return list(session.exec(select(Email.subject).order_by(col(Email.id))))


def is_sound():
    return db.read(ledger.check_ledger).differences == []


def held(writer, facility_id):
    return [view.held for view in db.read(wallets.balances, writer.family) if view.facility_id == facility_id]


def test_a_letter_follows_its_person_and_is_decided_there_at_the_old_price(two):
    writer, other, message_id = two()
    move(writer.inmate_id, other.facility_id)
    follow()
    assert writer.message(message_id).status == "in review"
    assert (db.read(queue.page, writer.reviewer).lines, held(writer, writer.facility_id)) == ([], [1])
    assert subjects() == ["Your message follows Marcus"]
    decide(other.reviewer, message_id)
    commit()
    db.write(review.deliver, other.reviewer, message_id)
    assert writer.message(message_id).cost == "1 credit spent"
    assert held(writer, writer.facility_id) == [0]
    assert is_sound()
    with db.reading() as session:
        assert list(explanations.explain_message(session, message_id))[-1] == Verdict([])


def test_it_follows_once_and_its_credits_come_back_to_where_they_were(two):
    writer, other, message_id = two()
    move(writer.inmate_id, other.facility_id)
    follow()
    follow()
    assert len(subjects()) == 1
    release(writer.inmate_id)
    follow()
    assert writer.message(message_id).status == "undeliverable"
    assert (writer.credits(), is_sound()) == ((10, 0), True)


def test_what_was_approved_or_printed_is_decided_again_by_the_new_facility(two):
    writer, other, message_id = two()
    db.write(review.approve, writer.reviewer, message_id)
    batch_id = db.write(batches.create, writer.reviewer, writer.facility_id)
    move(writer.inmate_id, other.facility_id)
    follow()
    assert writer.message(message_id).status == "in review"
    db.write(batches.confirm, writer.reviewer, batch_id)
    assert writer.message(message_id).status == "in review"
    decide(other.reviewer, message_id)
    commit()
    with later(20):
        db.write(batches.confirm, other.reviewer, db.write(batches.create, other.reviewer, other.facility_id))
    assert (writer.message(message_id).status, is_sound()) == ("delivered", True)


def test_an_appeal_about_a_part_goes_along_and_waits_until_the_letter_is_decided(two):
    writer, other, _letter = two()
    message_id, (text, photo) = send(writer)
    db.write(review.reject, writer.reviewer, message_id, Reason.EXPLICIT, items=[photo])
    db.write(review.approve, writer.reviewer, message_id, items=[text])
    db.write(appeals.appeal, writer.family, message_id, "It is our garden.")
    move(writer.inmate_id, other.facility_id)
    follow()
    assert appealed(other) == []
    assert writer.message(message_id).status == "in review"
    db.write(review.approve, other.reviewer, message_id, items=[text])
    assert (appealed(writer), appealed(other)) == ([], [message_id])


def test_a_pending_decision_and_a_claim_of_the_old_facility_end(two):
    writer, other, message_id = two()
    decide(writer.reviewer, message_id)
    move(writer.inmate_id, other.facility_id)
    follow()
    assert (states(), commit()) == (["overtaken"], 0)
    claim(other.reviewer, message_id)


def test_an_answer_of_the_old_facility_to_an_appeal_ends_before_it_takes_effect(two, actor):
    writer, other, _letter = two()
    message_id, (text, photo) = send(writer)
    db.write(review.reject, writer.reviewer, message_id, Reason.EXPLICIT, items=[photo])
    db.write(review.approve, writer.reviewer, message_id, items=[text])
    db.write(appeals.appeal, writer.family, message_id, "It is our garden.")
    judge = verified.administrator(actor, writer)
    claim(judge, message_id)
    db.write(appeals.decide, judge, message_id, Outcome.OVERTURNED, "A garden.")
    move(writer.inmate_id, other.facility_id)
    follow()
    assert (states()[-1], commit()) == ("overtaken", 0)
    appeal = writer.message(message_id).appeal
    assert (appeal.status, appeal.answer) == ("waiting", "")
    with db.reading() as session:
        assert session.exec(select(Appeal.answer)).one() == ""
        assert session.get_one(Item, photo).status == "rejected"
    decide(other.reviewer, message_id)
    commit()
    assert appealed(other) == [message_id]


@pytest.mark.parametrize("why", ["closed", "rule", "blocked", "their lawyer there"])
def test_its_credits_come_back_where_it_cannot_follow(two, why, actor):
    writer, other, message_id = two("give back" if why == "rule" else "reroute")
    if why == "closed":
        with db.transaction() as session:
            session.get_one(Facility, other.facility_id).opening = "paused"
    if why == "their lawyer there":
        verified.verify(verified.administrator(actor, other), writer.family, other.facility_id)
    move(writer.inmate_id, other.facility_id)
    if why == "blocked":
        whom = (writer.family.account_id, writer.inmate_id, other.facility_id)
        db.write(contact_reviews.block, other.reviewer, *whom, "Victim of the case.")
    departures.follow_up_departures()
    assert (writer.message(message_id).status, subjects()[-1]) == (
        "undeliverable",
        "Your message to Marcus could not be delivered",
    )
    assert is_sound()


def test_a_kept_letter_waits_and_does_not_hold_up_the_others(two, pair, inmate):
    writer, other, message_id = two("keep")
    second = inmate(writer.facility_id, first_name="Ann")
    tie(writer.family, second)
    move(writer.inmate_id, other.facility_id)
    follow()
    assert (writer.message(message_id).status, subjects()) == ("in review", [])
    with db.transaction() as session:
        session.get_one(Inmate, writer.inmate_id).custody = "released"
    follow()
    assert writer.message(message_id).status == "undeliverable"
    with db.reading() as session:
        assert session.exec(select(QueueEntry)).all() == []
