"""The privileged lane: decided at SEND, screened by nothing, out of the desk's reach, and for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock, privilege
from rxconnect.domain.errors import IllegalMove, NoLongerPrivileged, NotFound, PrivilegedReply
from rxconnect.domain.rules import NewRule
from rxconnect.domain.screening import RuleKind
from rxconnect.domain.terms import VERSION
from rxconnect.models import Facility, Inmate, Message, QueueEntry, ScreeningHit
from rxconnect.services.lawyers import reviews
from rxconnect.services.leaving import departures
from rxconnect.services.messages import drafts, expiries, withdrawals
from rxconnect.services.paper import batches, replies
from rxconnect.services.privilege import facts
from rxconnect.services.review import letters, queue, review
from rxconnect.services.screening import checks, rules, submissions, trials
from tests.services.lawyers.verified import administrator, verify
from tests.services.review.desks import subjects
from tests.services.scheduling.running import run_job


@pytest.fixture(params=["sqlite", "postgresql"])
def lawyer(request, database, use, pair):
    use(request.param)
    return pair(credits=20, first_name="Marcus", last_name="Rivera")


@pytest.fixture
def keeper(lawyer, actor):
    return administrator(actor, lawyer)


@pytest.fixture
def verification(lawyer, keeper):
    return verify(keeper, lawyer.family, lawyer.facility_id)


def rows(table):
    with db.reading() as session:
        return session.exec(select(table)).all()


def test_a_lawyers_letter_is_not_screened_waits_for_nobody_and_cannot_expire(lawyer, keeper, verification):
    rule = db.write(rules.write, keeper, lawyer.facility_id, NewRule(RuleKind.WORDS, "Plans", words="plan"))
    trials.try_rule(keeper, rule)
    db.write(rules.switch_on, keeper, rule)
    sent = lawyer.send("The plan", "The plan of the defence.")
    assert (sent.status, sent.status_label, sent.is_privileged, sent.can_withdraw) == (
        "approved",
        "Accepted unread",
        True,
        False,
    )
    assert "staff cannot read" in sent.lane_note
    assert [line.label for line in sent.timeline if line.is_done] == ["Sent", "Accepted unread"]
    assert rows(QueueEntry) == rows(ScreeningHit) == []
    (letter,) = rows(Message)
    assert (letter.language, letter.expires_at) == ("", None)
    with clock.at(clock.now() + timedelta(days=400)):
        assert run_job(expiries.expire_due) == 0
    assert run_job(submissions.screen_due) == 0
    assert trials.try_rule(keeper, rule).letters == 0


def test_the_sender_is_told_before_send_and_no_published_rule_looks_at_it(lawyer, keeper, verification):
    draft_id = lawyer.draft("Call me", "509-555-0142")
    view = db.read(drafts.check_and_preview, lawyer.family, draft_id)
    assert (view.is_privileged, "staff cannot read" in view.lane_note, view.review_time) == (True, True, "")
    assert db.read(checks.check, lawyer.family, view).notes == []


def test_when_the_verification_ends_meanwhile_nothing_is_sent(lawyer, keeper, verification):
    draft_id = lawyer.draft()
    db.write(reviews.end_early, keeper, verification, "It was a mistake")
    with pytest.raises(NoLongerPrivileged):
        db.write(submissions.send, lawyer.family, draft_id, accepted_terms=VERSION, must_be_privileged=True)
    assert rows(Message) == []
    view = db.read(drafts.get, lawyer.family, draft_id)
    assert (view.is_privileged, "has ended" in view.lane_note) == (False, True)
    db.write(submissions.send, lawyer.family, draft_id, accepted_terms=VERSION)
    assert [letter.lane for letter in rows(Message)] == ["ordinary"]


def test_a_letter_stays_privileged_when_the_verification_ends(lawyer, keeper, verification):
    message_id = lawyer.send().id
    db.write(reviews.end_early, keeper, verification, "It was a mistake")
    assert lawyer.message(message_id).is_privileged
    with pytest.raises(NotFound):
        db.write(letters.open_letter, keeper, message_id)


def test_staff_reach_nothing_of_it_and_learn_that_it_was_and_when(lawyer, keeper, verification):
    message_id = lawyer.send("Secret", "Secret").id
    for act in (letters.open_letter, review.approve, review.deliver, letters.close_letter):
        if act is letters.close_letter:
            db.write(act, keeper, message_id)
            continue
        with pytest.raises(NotFound):
            db.write(act, keeper, message_id)
    assert db.read(queue.counts, keeper).waiting == 0
    (ready,) = db.read(batches.ready, keeper)
    assert ready.letters == 0
    with pytest.raises(NotFound):
        db.write(batches.create, keeper, lawyer.facility_id)
    (fact,) = db.read(facts.letters, keeper)
    assert (fact.message_id, "Secret" in repr(fact), "Marcus" in repr(fact)) == (message_id, False, False)
    with pytest.raises(IllegalMove):
        db.write(withdrawals.withdraw, lawyer.family, message_id)


def test_staff_cannot_enter_a_reply_to_a_lawyer_and_one_from_a_tablet_is_privileged(lawyer, keeper, actor):
    earlier = lawyer.send().id
    db.write(review.approve, lawyer.reviewer, earlier)
    db.write(review.deliver, lawyer.reviewer, earlier)
    verify(keeper, lawyer.family, lawyer.facility_id)
    reply = {"subject": "Answer", "body": "I agree."}
    with pytest.raises(PrivilegedReply):
        db.write(replies.enter, lawyer.reviewer, earlier, **reply)
    reply_id = db.write(replies.deliver_reply, lawyer.reviewer, lawyer.inmate_id, lawyer.family.account_id, **reply)
    answer = lawyer.message(reply_id)
    assert (answer.is_privileged, answer.lane_note) == (True, privilege.notice_of_received())
    # The ordinary letter was not answered by a privileged one.
    assert lawyer.message(earlier).status == "delivered"


def test_it_follows_its_person_unread_where_its_sender_is_no_verified_lawyer(lawyer, keeper, verification, facility):
    message_id, elsewhere = lawyer.send().id, facility(name="Harbor County")
    with db.transaction() as session:
        session.get_one(Facility, lawyer.facility_id).when_moved = "reroute"
        session.get_one(Inmate, lawyer.inmate_id).facility_id = elsewhere
    assert run_job(departures.follow_up_departures) == 1
    (letter,) = rows(Message)
    assert (letter.facility_id, letter.lane, letter.status) == (elsewhere, "privileged", "approved")
    assert run_job(submissions.screen_due) == 0
    assert "follows Marcus" in subjects()[-1]
    assert lawyer.message(message_id).is_privileged
