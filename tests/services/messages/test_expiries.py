"""Expiries: what nobody decides about in time ends once, its credits return, and the family is told, in both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import IllegalMove
from rxconnect.domain.messages import Reason
from rxconnect.models import Email, Facility, Inmate
from rxconnect.services.leaving import departures
from rxconnect.services.messages import expiries, withdrawals
from rxconnect.services.messages.review_times import review_time_text
from rxconnect.services.money import ledger
from rxconnect.services.review import review
from tests.services.messages.test_items import reject, send


@pytest.fixture(params=["sqlite", "postgresql"])
def writer(request, database, use, pair):
    use(request.param)
    return pair(credits=10, first_name="Marcus")


def in_days(days):
    return clock.at(clock.now() + timedelta(days=days, minutes=1))


def expire(days=30):
    with in_days(days):
        return expiries.expire_due().done


def emails():
    with db.reading() as session:
        return [(email.subject, email.body) for email in session.exec(select(Email).order_by(col(Email.id)))]


def is_sound():
    return db.read(ledger.check_ledger).differences == []


def test_a_message_that_nobody_decides_about_ends_on_its_day_and_not_before(writer):
    message_id = writer.send("Secret subject", "Secret body").id
    assert expire(29) == 0
    assert (writer.message(message_id).status, writer.credits()) == ("in review", (9, 1))

    assert expire() == 1

    message = writer.message(message_id)
    assert (message.status, message.status_label, message.cost) == (
        "expired",
        "Not decided in time",
        "1 credit returned",
    )
    assert message.timeline[-1].note == "Nobody decided in time. 1 credit returned."
    assert writer.credits() == (10, 0)
    ((subject, body),) = emails()
    assert subject == "Your message to Marcus was not decided in time"
    assert "Your 1 credit came back to you" in body
    assert f"/messages/{message_id}" in body
    assert "Secret" not in subject + body
    assert is_sound()


def test_what_ended_is_neither_ended_again_nor_decided_any_more(writer):
    message_id = writer.send().id
    assert [expire(), expire(), expire(60)] == [1, 0, 0]
    for late in (review.approve, lambda *args: review.reject(*args, Reason.CODED)):
        with pytest.raises(IllegalMove):
            db.write(late, writer.reviewer, message_id)
    with pytest.raises(IllegalMove):
        db.write(withdrawals.withdraw, writer.family, message_id)
    assert (writer.credits(), len(emails())) == ((10, 0), 1)
    assert is_sound()


def test_what_was_decided_or_taken_back_never_ends(writer):
    approved, rejected, withdrawn = (writer.send().id for _ in range(3))
    db.write(review.approve, writer.reviewer, approved)
    reject(writer, rejected)
    db.write(withdrawals.withdraw, writer.family, withdrawn)
    assert expire(400) == 0
    assert [writer.message(one).status for one in (approved, rejected, withdrawn)] == [
        "approved",
        "rejected",
        "withdrawn",
    ]


def test_of_a_message_only_the_undecided_part_ends(writer):
    message_id, (text, _photo) = send(writer)
    db.write(review.approve, writer.reviewer, message_id, items=[text])
    assert expire() == 1
    message = writer.message(message_id)
    assert (message.status, message.cost) == ("approved", "1 credit set aside, 2 credits returned")
    assert [line.label for line in message.timeline if line.is_done] == [
        "Sent", "Checked", "In review", "Text: Approved", "Photo: Not decided in time", "Approved"
    ]  # fmt: skip
    db.write(review.deliver, writer.reviewer, message_id)
    assert expire() == 0
    assert writer.credits() == (9, 0)
    assert is_sound()


def test_the_facilitys_days_count_as_they_were_when_the_message_was_sent(writer):
    def set_days(days):
        with db.transaction() as session:
            session.get_one(Facility, writer.facility_id).expires_after_days = days

    set_days(3)
    early = writer.send().id
    set_days(10)
    late = writer.send().id
    assert expire(3) == 1
    assert [writer.message(one).status for one in (early, late)] == ["expired", "in review"]
    assert expire(10) == 1


def test_workers_that_look_at_once_end_each_message_once(writer):
    sent = [writer.send().id for _ in range(5)]
    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(lambda _: expire(), range(4)))
    assert (sum(ended), writer.credits(), len(emails())) == (5, (10, 0), 5)
    assert {writer.message(one).status for one in sent} == {"expired"}
    assert is_sound()


def test_a_decision_a_withdrawal_and_the_end_at_the_same_moment_come_to_one_outcome(writer):
    sent = [writer.send().id for _ in range(6)]

    def at_the_end(change):
        with in_days(30), suppress(IllegalMove):
            change()

    changes = [expiries.expire_due]
    for message_id in sent:
        changes.append(partial(db.write, review.approve, writer.reviewer, message_id))
        changes.append(partial(db.write, withdrawals.withdraw, writer.family, message_id))
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(at_the_end, changes))

    outcomes = [writer.message(message_id).status for message_id in sent]
    assert set(outcomes) <= {"approved", "withdrawn", "expired"}
    assert writer.credits() == (10 - outcomes.count("approved"), outcomes.count("approved"))
    assert is_sound()


def test_a_look_ends_a_limited_number_and_the_next_goes_on(writer, monkeypatch):
    monkeypatch.setattr(expiries, "_BATCH", 2)
    for _ in range(3):
        writer.send()
    assert [expire(), expire(), expire()] == [2, 1, 0]
    assert is_sound()


def test_what_cannot_be_delivered_does_not_expire_as_well(writer):
    message_id = writer.send().id
    with db.transaction() as session:
        session.get_one(Inmate, writer.inmate_id).custody = "released"
    departures.follow_up_departures()
    assert expire() == 0
    assert writer.message(message_id).status == "undeliverable"


def test_families_read_beforehand_when_a_message_ends(writer):
    told = db.read(review_time_text, writer.facility_id)
    assert "promises to decide within 48 hours" in told
    assert "If nobody decides within 30 days, the message ends" in told
    with db.transaction() as session:
        facility = session.get_one(Facility, writer.facility_id)
        facility.promised_hours, facility.expires_after_days = 72, 1
    told = db.read(review_time_text, writer.facility_id)
    assert "promises to decide within 3 days" in told
    assert "If nobody decides within 1 day, the message ends" in told
    waiting = writer.send()
    assert "If nobody decides by" in waiting.timeline[2].note
