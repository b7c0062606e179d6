"""Withdrawals: a letter taken back returns its credits, and one that was taken back by mistake waits where it did."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import CreditsUsedMeanwhile, IllegalMove, NotFound, RxConnectError, TooLate
from rxconnect.domain.messages import Reason
from rxconnect.domain.removals import LATENCY, UNDO_FOR
from rxconnect.domain.review import Outcome, Ruling
from rxconnect.models import Decision, Message, QueueEntry
from rxconnect.services.messages import withdrawals
from rxconnect.services.messages.review_times import FEWEST, review_time
from rxconnect.services.money import ledger
from rxconnect.services.paper import replies
from rxconnect.services.review import appeals, claims, decisions, review, shelves
from tests.services.scheduling.running import run_job


def withdraw(writer, message_id):
    return db.write(withdrawals.withdraw, writer.family, message_id)


def undo(writer, message_id):
    return db.write(withdrawals.undo, writer.family, message_id)


def waiting(message_id) -> dict[str, Any]:
    """What the desk knows about a letter that waits, and when it expires."""
    with db.reading() as session:
        return session.get_one(QueueEntry, message_id).model_dump() | {
            "expires": session.get_one(Message, message_id).expires_at
        }


def test_a_withdrawn_message_gives_its_credits_back(pair):
    writer = pair()
    message = db.write(withdrawals.withdraw, writer.family, writer.send().id)
    assert (message.status, message.can_withdraw, writer.credits()) == ("withdrawn", False, (10, 0))
    assert message.timeline[-1].note == "1 credit returned."


def test_a_message_is_withdrawn_once(pair):
    writer = pair()
    message_id = writer.send().id
    db.write(withdrawals.withdraw, writer.family, message_id)
    with pytest.raises(IllegalMove):
        db.write(withdrawals.withdraw, writer.family, message_id)
    assert writer.credits() == (10, 0)


def test_a_reply_cannot_be_withdrawn(pair):
    writer = pair()
    whom = (writer.inmate_id, writer.family.account_id)
    message_id = db.write(replies.deliver_reply, writer.reviewer, *whom, subject="Hi", body="Thank you, Mom.")
    assert not writer.message(message_id).can_withdraw
    with pytest.raises(NotFound):
        db.write(withdrawals.withdraw, writer.family, message_id)


def test_withdrawing_and_approving_at_once_leaves_one_outcome_and_a_sound_ledger(pair):
    writer = pair(credits=8)

    def attempt(what, actor, message_id):
        try:
            db.write(what, actor, message_id)
        except RxConnectError:
            return False
        return True

    for message_id in [writer.send().id for _ in range(8)]:
        with ThreadPoolExecutor(2) as pool:
            withdrawn = pool.submit(attempt, withdrawals.withdraw, writer.family, message_id)
            approved = pool.submit(attempt, review.approve, writer.reviewer, message_id)
            assert withdrawn.result() != approved.result()
        assert writer.message(message_id).status == ("withdrawn" if withdrawn.result() else "approved")
    assert sum(writer.credits()) == 8
    assert db.read(ledger.check_ledger).is_sound


def test_a_withdrawal_that_is_undone_leaves_the_letter_where_it_waited(pair, actor):
    writer = pair(credits=10, facility_fields={"characters_per_credit": 10})
    message_id = writer.send("Hello", "x" * 25).id
    administrator = actor(role=Role.ADMINISTRATOR, facility_id=writer.facility_id)
    db.write(claims.take, administrator, message_id)
    db.write(shelves.escalate, administrator, message_id, "Look.")
    before = waiting(message_id)
    with clock.at(clock.now() + timedelta(hours=3)):
        withdraw(writer, message_id)
        message = undo(writer, message_id)
        assert (message.status, message.can_withdraw) == ("in review", True)
    assert (waiting(message_id), writer.credits()) == (before, (7, 3))
    assert [(event.label, event.note) for event in message.timeline if event.is_done][3:] == [
        ("Withdrawn", "3 credits returned."),
        ("In review", "You undid the withdrawal. 3 credits set aside again."),
    ]
    assert db.read(ledger.check_ledger).is_sound


def test_a_withdrawal_can_be_undone_for_some_seconds(pair):
    writer = pair()
    message_id = writer.send().id
    withdraw(writer, message_id)
    with clock.at(clock.now() + UNDO_FOR + LATENCY), pytest.raises(TooLate):
        undo(writer, message_id)
    assert (writer.message(message_id).status, writer.credits()) == ("withdrawn", (10, 0))


def test_minds_can_be_changed_again_and_again(pair):
    writer = pair()
    message_id = writer.send().id
    for _ in range(3):
        withdraw(writer, message_id)
        undo(writer, message_id)
        with pytest.raises(TooLate):
            undo(writer, message_id)
    assert (writer.message(message_id).status, writer.credits()) == ("in review", (9, 1))
    db.write(review.approve, writer.reviewer, message_id)
    db.write(review.deliver, writer.reviewer, message_id)
    assert writer.credits() == (9, 0)
    assert [event.note for event in writer.message(message_id).timeline if "again" in event.note] == [
        "You undid the withdrawal. 1 credit set aside again."
    ] * 3
    assert db.read(ledger.check_ledger).is_sound


def test_only_a_withdrawal_can_be_undone(pair):
    writer = pair()
    waits, refused = writer.send().id, writer.send().id
    withdraw(writer, refused)
    undo(writer, refused)
    db.write(review.reject, writer.reviewer, refused, Reason.THREAT)
    for message_id in (waits, refused):
        with pytest.raises(TooLate):
            undo(writer, message_id)


def test_credits_that_were_spent_meanwhile_are_missing_and_the_letter_stays_withdrawn(pair):
    writer = pair(credits=1)
    message_id = writer.send().id
    withdraw(writer, message_id)
    writer.send()
    with pytest.raises(CreditsUsedMeanwhile):
        undo(writer, message_id)
    assert (writer.message(message_id).status, writer.credits()) == ("withdrawn", (0, 1))
    with db.reading() as session:
        assert session.get(QueueEntry, message_id) is None


def test_a_decision_that_a_withdrawal_overtook_stays_overtaken(pair):
    writer = pair()
    message_id = writer.send().id
    db.write(claims.take, writer.reviewer, message_id)
    db.write(decisions.decide, writer.reviewer, message_id, [Ruling(Outcome.APPROVED)])
    withdraw(writer, message_id)
    undo(writer, message_id)
    with clock.at(clock.now() + timedelta(seconds=11)):
        run_job(decisions.commit_due)
    assert writer.message(message_id).status == "in review"
    assert not waiting(message_id)["is_decided"]
    with db.reading() as session:
        assert session.exec(select(Decision.state)).all() == ["overtaken"]


def test_eight_undos_at_once_hold_the_credits_once(pair):
    writer = pair()
    message_id = writer.send().id
    withdraw(writer, message_id)

    def attempt(_turn):
        try:
            return undo(writer, message_id).status
        except TooLate:
            return "too late"

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(attempt, range(8)))
    assert found == ["in review", *["too late"] * 7]
    assert writer.credits() == (9, 1)


def test_a_withdrawal_that_is_undone_counts_for_no_review_time(pair):
    writer = pair(credits=10)
    began = clock.now()
    for number in range(FEWEST):
        with clock.at(began + timedelta(minutes=number)):
            message_id = writer.send().id
        with clock.at(began + timedelta(hours=10)):
            withdraw(writer, message_id)
            undo(writer, message_id)
            db.write(review.approve, writer.reviewer, message_id)
    assert "10 hours" in db.read(review_time, writer.facility_id)


def test_the_timeline_is_true_after_an_appeal_too(pair, actor):
    writer = pair()
    message_id = writer.send().id
    withdraw(writer, message_id)
    undo(writer, message_id)
    db.write(review.reject, writer.reviewer, message_id, Reason.THREAT)
    db.write(appeals.appeal, writer.family, message_id, "It is a recipe.")
    other = actor(role=Role.ADMINISTRATOR, facility_id=writer.facility_id)
    db.write(claims.take, other, message_id)
    db.write(appeals.decide, other, message_id, Outcome.OVERTURNED)
    with clock.at(clock.now() + timedelta(seconds=11)):
        run_job(decisions.commit_due)
    notes = [event.note for event in writer.message(message_id).timeline]
    assert "1 credit returned." in notes
    assert "You undid the withdrawal. 1 credit set aside again." in notes
