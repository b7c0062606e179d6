"""Decisions: nothing happens for ten seconds, and then once; until then the reviewer undoes and the sender withdraws."""

from __future__ import annotations

import pytest
from sqlmodel import select

from rxconnect import db, live
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import IllegalMove, Invalid, NotAllowed, NotClaimed, NotFound, TooLate
from rxconnect.domain.messages import Reason
from rxconnect.domain.review import UNDO_FOR, Outcome, Queue, Ruling
from rxconnect.domain.topics import Subject, Topic
from rxconnect.jobs import JOBS
from rxconnect.models import Decision, Inmate, MessageEvent, Notice, QueueEntry
from rxconnect.services.leaving import departures
from rxconnect.services.messages import expiries, withdrawals
from rxconnect.services.money import ledger
from rxconnect.services.review import claims, commits, decisions, queue, review
from tests.services.messages.test_items import send
from tests.services.review.desks import APPROVE, REJECT, claim, commit, decide, later, states, subjects


def is_sound():
    return db.read(ledger.check_ledger).differences == []


def recent(reviewer):
    return db.read(decisions.my_recent, reviewer)


def test_a_decision_changes_nothing_for_ten_seconds_and_then_once(pair):
    writer = pair(first_name="Marcus")
    message_id = writer.send().id
    decide(writer.reviewer, message_id, REJECT)
    assert (commit(9), writer.message(message_id).status, writer.credits(), subjects()) == (0, "in review", (9, 1), [])

    assert (commit(), commit(), commit(60)) == (1, 0, 0)
    message = writer.message(message_id)
    assert (message.status, writer.credits()) == ("rejected", (10, 0))
    assert (message.reason_label, message.reason_note, message.reviewed_by) == (
        "Coded language",
        "The third line.",
        "Mail-room reviewer",
    )
    assert subjects() == ["Your message to Marcus was not delivered"]
    assert states() == ["committed"]
    assert is_sound()


def test_the_job_knows_when_the_next_decision_is_due_long_before(pair):
    assert decisions.commit_due().due_in is None
    first, second = pair(first_name="Marcus"), pair(first_name="Ray")
    decide(first.reviewer, first.send().id)
    with later(4):
        decide(second.reviewer, second.send().id)
        assert 5 < decisions.commit_due().due_in < 6
    with later(11):
        batch = decisions.commit_due()
    assert batch.done == 1
    assert 2 < batch.due_in < 3
    (job,) = (job for job in JOBS if job.name == "decisions")
    assert job.seconds < UNDO_FOR.total_seconds()


def test_the_move_is_recorded_with_the_account_that_decided(pair):
    writer = pair()
    message_id = writer.send().id
    decide(writer.reviewer, message_id)
    commit()
    with db.reading() as session:
        moved = session.exec(select(MessageEvent).where(MessageEvent.status == "approved")).one()
    assert (moved.by_account_id, moved.by_role) == (writer.reviewer.account_id, "reviewer")


def test_a_letter_with_a_pending_decision_is_out_of_the_queue_and_back_when_it_is_undone(pair):
    writer = pair()
    message_id = writer.send().id
    made = decide(writer.reviewer, message_id)
    assert (made.can_undo, made.state_label) == (True, "You can undo this")
    assert db.read(queue.page, writer.reviewer).lines == []

    assert db.write(decisions.undo, writer.reviewer, made.id) == message_id
    assert commit() == 0
    (line,) = db.read(queue.page, writer.reviewer).lines
    assert (line.message_id, line.is_mine) == (message_id, True)
    assert states() == ["undone"]
    db.write(decisions.decide, writer.reviewer, message_id, [REJECT])
    commit()
    assert writer.message(message_id).status == "rejected"


def test_nobody_else_undoes_it_and_nobody_once_it_is_committed(pair, actor):
    writer = pair()
    colleague = actor(role=Role.REVIEWER, facility_id=writer.facility_id)
    made = decide(writer.reviewer, writer.send().id)
    with pytest.raises(NotFound):
        db.write(decisions.undo, colleague, made.id)
    commit()
    with pytest.raises(TooLate):
        db.write(decisions.undo, writer.reviewer, made.id)


def test_a_withdrawal_within_the_ten_seconds_wins_and_the_reviewer_is_told(pair):
    writer = pair()
    message_id = writer.send().id
    decide(writer.reviewer, message_id)
    woken = []
    address = live.address_of(Topic(Subject.DESK, writer.facility_id))
    live.listen(address, lambda: woken.append(1))

    db.write(withdrawals.withdraw, writer.family, message_id)

    assert woken
    assert commit() == 0
    assert (writer.message(message_id).status, writer.credits()) == ("withdrawn", (10, 0))
    (told,) = recent(writer.reviewer)
    assert told.state == "overtaken"
    assert "withdrew" in told.state_label
    with pytest.raises(TooLate):
        db.write(decisions.undo, writer.reviewer, told.id)
    assert is_sound()


def test_after_the_commit_a_withdrawal_comes_too_late(pair):
    writer = pair()
    message_id = writer.send().id
    decide(writer.reviewer, message_id)
    commit()
    with pytest.raises(IllegalMove):
        db.write(withdrawals.withdraw, writer.family, message_id)


def test_a_decision_needs_the_claim(pair, actor):
    writer = pair()
    colleague = actor(role=Role.REVIEWER, facility_id=writer.facility_id)
    message_id = writer.send().id
    with pytest.raises(NotClaimed):
        db.write(decisions.decide, writer.reviewer, message_id, [APPROVE])
    claim(writer.reviewer, message_id)
    with pytest.raises(NotClaimed):
        db.write(decisions.decide, colleague, message_id, [APPROVE])
    with later(601), pytest.raises(NotClaimed):
        db.write(decisions.decide, writer.reviewer, message_id, [APPROVE])
    assert states() == []


def test_a_letter_is_decided_once_at_a_time(pair):
    writer = pair()
    message_id = writer.send().id
    decide(writer.reviewer, message_id)
    with pytest.raises(NotFound):
        claim(writer.reviewer, message_id)
    with pytest.raises(NotClaimed):
        db.write(decisions.decide, writer.reviewer, message_id, [REJECT])


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.TRAINER])
def test_only_reviewers_and_administrators_decide(pair, actor, role):
    writer = pair()
    message_id = writer.send().id
    with pytest.raises(NotAllowed):
        db.write(decisions.decide, actor(role=role, facility_id=writer.facility_id), message_id, [APPROVE])


def test_staff_elsewhere_and_the_privileged_lane_are_out_of_reach(pair):
    writer, elsewhere = pair(), pair()
    message_id = writer.send().id
    with pytest.raises(NotFound):
        decide(elsewhere.reviewer, message_id)
    with db.transaction() as session:
        session.get_one(QueueEntry, message_id).lane = "privileged"
    with pytest.raises(NotFound):
        claim(writer.reviewer, message_id)
    assert db.read(queue.page, writer.reviewer).lines == []


def test_a_rejection_needs_a_reason_and_its_remark_a_limit(pair):
    writer = pair()
    message_id = writer.send().id
    for wrong in (Ruling(Outcome.REJECTED), Ruling(Outcome.REJECTED, Reason.CODED, "x" * 401)):
        with pytest.raises(Invalid):
            decide(writer.reviewer, message_id, wrong)
    assert db.read(queue.page, writer.reviewer).lines[0].is_mine


def test_items_are_ruled_one_by_one_in_one_decision(pair):
    writer = pair(first_name="Marcus")
    message_id, (_text, photo, _other) = send(writer, photos=2)
    rulings = [Ruling(Outcome.REJECTED, Reason.EXPLICIT, items=(photo,)), Ruling(Outcome.APPROVED)]
    decide(writer.reviewer, message_id, *rulings)
    commit()
    message = writer.message(message_id)
    assert (message.status, message.cost) == ("approved", "3 credits set aside, 2 credits returned")
    assert subjects() == ["A part of your message to Marcus was not delivered"]
    assert is_sound()


def test_what_is_left_undecided_comes_back_to_the_queue(pair):
    writer = pair()
    message_id, (text, photo) = send(writer)
    decide(writer.reviewer, message_id, Ruling(Outcome.APPROVED, items=(text,)))
    commit()
    assert [line.message_id for line in db.read(queue.page, writer.reviewer).lines] == [message_id]
    with pytest.raises(IllegalMove):
        decide(writer.reviewer, message_id, Ruling(Outcome.REJECTED, Reason.CODED, items=(text,)))
    with pytest.raises(NotFound):
        decide(writer.reviewer, message_id, Ruling(Outcome.APPROVED, items=(photo, 10**6)))
    decide(writer.reviewer, message_id)
    commit()
    assert writer.message(message_id).status == "approved"
    assert db.read(queue.page, writer.reviewer).lines == []


def test_a_rejected_item_is_not_approved_by_anyone_but_an_appeal(pair):
    writer = pair()
    message_id, (_text, photo) = send(writer)
    db.write(review.reject, writer.reviewer, message_id, Reason.CODED, items=[photo])
    with pytest.raises(IllegalMove):
        db.write(review.approve, writer.reviewer, message_id, items=[photo])
    db.write(review.approve, writer.reviewer, message_id)
    assert writer.message(message_id).cost == "1 credit set aside, 2 credits returned"


def test_the_person_in_custody_gets_a_notice_of_each_rejection_and_of_nothing_else(pair):
    writer = pair(first_name="Marcus")
    rejected, approved = writer.send().id, writer.send().id
    decide(writer.reviewer, rejected, REJECT)
    decide(writer.reviewer, approved)
    commit()
    with db.reading() as session:
        (notice,) = session.exec(select(Notice)).all()
    assert (notice.message_id, notice.inmate_id, notice.reason) == (rejected, writer.inmate_id, "coded language")


def test_a_letter_that_is_decided_in_time_does_not_expire(pair):
    writer = pair()
    message_id = writer.send().id
    with later(30 * 86_400 - 5):
        decide(writer.reviewer, message_id)
    with later(30 * 86_400 + 1):
        assert expiries.expire_due().done == 0
    commit(30 * 86_400 + 10)
    assert writer.message(message_id).status == "approved"


def test_a_person_who_leaves_overtakes_a_pending_decision(pair):
    writer = pair()
    message_id = writer.send().id
    decide(writer.reviewer, message_id)
    with db.transaction() as session:
        session.get_one(Inmate, writer.inmate_id).custody = "released"
    departures.follow_up_departures()
    assert (states(), commit()) == (["overtaken"], 0)
    assert writer.message(message_id).status == "undeliverable"


def test_a_decision_remembers_how_long_the_letter_had_waited(pair):
    writer = pair(facility_fields={"promised_hours": 2})
    message_id = writer.send().id
    with later(3 * 3600):
        decide(writer.reviewer, message_id)
    with db.reading() as session:
        (made,) = session.exec(select(Decision)).all()
    assert 3 * 3600 - 5 <= made.waited_seconds <= 3 * 3600 + 5
    assert (made.is_late, made.queue, made.held_for) == (True, Queue.LETTERS, "every letter")


def test_a_commit_that_is_called_twice_or_too_early_does_nothing(pair):
    writer = pair()
    made = decide(writer.reviewer, writer.send().id)
    assert db.write(commits.commit, made.id) is False
    with later():
        assert db.write(commits.commit, made.id) is True
        assert db.write(commits.commit, made.id) is False
        assert db.write(commits.commit, 10**6) is False


def test_the_claim_ends_with_the_decision(pair):
    writer = pair()
    decide(writer.reviewer, writer.send().id)
    assert db.read(claims.looking, writer.reviewer) == []
