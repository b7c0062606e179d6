"""Review: legal moves only, at one's own facility only, and the credits follow every decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import IllegalMove, NotAllowed, NotFound
from rxconnect.domain.messages import Reason
from rxconnect.models import Account, Email, MessageEvent
from rxconnect.services.messages import withdrawals
from rxconnect.services.messages.review_times import measured_time, review_time, usual_time
from rxconnect.services.money import ledger
from rxconnect.services.paper import replies
from rxconnect.services.review import review

MOVES = [review.approve, review.deliver, review.open_message]


def decide(writer, *moves, message_id=None):
    message_id = message_id or writer.send().id
    for move in moves:
        db.write(move, writer.reviewer, message_id)
    return message_id


def reject(writer, message_id, reason=Reason.THREAT, note=""):
    db.write(review.reject, writer.reviewer, message_id, reason, note)


def reply(writer, subject="Hi", body="Thank you, Mom."):
    whom = (writer.inmate_id, writer.family.account_id)
    return db.write(replies.deliver_reply, writer.reviewer, *whom, subject=subject, body=body)


def emails():
    with db.reading() as session:
        return list(session.exec(select(Email).order_by(col(Email.id))))


def test_delivery_spends_the_credits_that_were_held(pair):
    writer = pair()
    message_id = decide(writer, review.approve)
    assert writer.credits() == (9, 1)
    decide(writer, review.deliver, message_id=message_id)
    assert writer.credits() == (9, 0)
    assert writer.message(message_id).status == "delivered"
    assert db.read(ledger.check_ledger).is_sound


def test_rejection_gives_the_credits_back(pair):
    writer = pair()
    message_id = writer.send().id
    reject(writer, message_id)
    assert (writer.message(message_id).status, writer.credits()) == ("rejected", (10, 0))
    assert db.read(ledger.check_ledger).is_sound


def test_every_move_is_stamped_with_the_role_and_no_name(pair):
    writer = pair()
    message_id = decide(writer, *MOVES)
    with db.reading() as session:
        events = session.exec(select(MessageEvent).where(MessageEvent.message_id == message_id)).all()
    assert [(event.status, event.by_role) for event in events] == [
        ("submitted", "family"),
        ("screening", ""),
        ("in review", ""),
        ("approved", "reviewer"),
        ("delivered", ""),
        ("opened", ""),
    ]


@pytest.mark.parametrize(
    ("done", "wanted"),
    [
        ([], review.deliver),
        ([], review.open_message),
        ([review.approve], review.approve),
        ([review.approve], review.open_message),
        ([review.approve, review.deliver], review.deliver),
        (MOVES, review.approve),
    ],
)
def test_no_step_is_skipped_or_done_twice(pair, done, wanted):
    writer = pair()
    message_id = decide(writer, *done)
    before = writer.credits()
    with pytest.raises(IllegalMove):
        decide(writer, wanted, message_id=message_id)
    assert writer.credits() == before


def test_what_was_withdrawn_is_not_decided(pair):
    writer = pair()
    message_id = writer.send().id
    db.write(withdrawals.withdraw, writer.family, message_id)
    for refused in (review.approve, lambda *args: review.reject(*args, Reason.CODED)):
        with pytest.raises(IllegalMove):
            db.write(refused, writer.reviewer, message_id)
    assert writer.credits() == (10, 0)


@pytest.mark.parametrize("move", [*MOVES, lambda *args: review.reject(*args, Reason.CODED)])
def test_staff_of_another_facility_do_not_see_the_message(pair, move):
    writer, elsewhere = pair(), pair()
    message_id = writer.send().id
    with pytest.raises(NotFound):
        db.write(move, elsewhere.reviewer, message_id)
    assert writer.message(message_id).status == "in review"


@pytest.mark.parametrize("role", [None, Role.AUDITOR, Role.TRAINER])
def test_only_reviewers_and_administrators_decide(pair, actor, role):
    writer = pair()
    message_id = writer.send().id
    with pytest.raises(NotAllowed):
        db.write(review.approve, actor(role=role, facility_id=writer.facility_id), message_id)


def test_a_family_cannot_approve_its_own_message(pair):
    writer = pair()
    with pytest.raises(NotAllowed):
        db.write(review.approve, writer.family, writer.send().id)


def test_an_incoming_message_is_not_moved_like_an_outgoing_one(pair):
    writer = pair()
    with pytest.raises(NotFound):
        db.write(review.open_message, writer.reviewer, reply(writer))


def test_a_reply_reaches_the_family_that_wrote(pair):
    writer = pair(first_name="Marcus", last_name="Delgado")
    message = writer.message(reply(writer, subject="Lily\n", body="Tell her\r\nI said hi"))
    assert (message.direction, message.subject, message.body) == ("incoming", "Lily", "Tell her\nI said hi")
    assert (message.from_name, message.to_name) == ("Marcus Delgado", "Sam Rivera")
    assert (message.is_unread, message.cost) == (True, "")


def test_nobody_is_written_to_who_has_no_such_contact(pair):
    writer, stranger = pair(), pair()
    with pytest.raises(NotFound):
        db.write(
            replies.deliver_reply, writer.reviewer, writer.inmate_id, stranger.family.account_id, subject="", body="Hi"
        )


def test_staff_of_another_facility_let_no_reply_through(pair):
    writer, elsewhere = pair(), pair()
    whom = (writer.inmate_id, writer.family.account_id)
    with pytest.raises(NotFound):
        db.write(replies.deliver_reply, elsewhere.reviewer, *whom, subject="Hi", body="Hi")


def test_a_reply_is_announced_by_email_without_a_word_of_it(pair):
    writer = pair(first_name="Marcus")
    message_id = reply(writer, subject="Secret subject", body="Secret body")
    (email,) = emails()
    assert (email.to, email.subject) == (writer.family.email, "Marcus wrote to you")
    assert f"/messages/{message_id}" in email.body
    assert "Secret" not in email.subject + email.body


def test_a_rejection_is_announced_by_email_without_its_reason_or_text(pair):
    writer = pair(first_name="Marcus")
    message_id = writer.send("Secret subject", "Secret body").id
    reject(writer, message_id, Reason.CODED, "Secret note")
    (email,) = emails()
    assert email.subject == "Your message to Marcus was not delivered"
    assert "Your 1 credit came back to you." in email.body
    assert "Secret" not in email.body
    assert "oded" not in email.body


def test_an_address_that_nobody_has_confirmed_is_told_nothing(pair):
    writer = pair()
    with db.transaction() as session:
        session.get_one(Account, writer.family.account_id).email_verified_at = None
    reply(writer)
    assert emails() == []


def wait(writer, hours, sent_ago):
    """A message that was sent `sent_ago` and decided `hours` later."""
    begin = clock.now() - sent_ago
    with clock.at(begin):
        message_id = writer.send().id
    with clock.at(begin + timedelta(hours=hours)):
        decide(writer, review.approve, message_id=message_id)


def sentence(writer):
    return db.read(review_time, writer.facility_id)


def test_review_time_is_the_measured_median_and_95th_percentile(pair):
    writer = pair(credits=20)
    for hours in [1, 2, 3, 4, 5, 5, 5, 5, 5, 5.5, 6, 7, 8, 9, 10, 11, 12, 13, 13.5, 80]:
        wait(writer, hours, timedelta(days=10))
    assert sentence(writer) == "Messages here are usually read within 6 hours, and nearly all within 14 hours."


def test_a_letter_takes_as_long_after_it_was_sent_as_before(pair):
    writer = pair(credits=20, facility_fields={"promised_hours": 24})
    assert db.read(usual_time, writer.facility_id) == "The facility promises to decide within 24 hours."
    for hours in [1, 1, 1, 1, 2, 2, 3, 4, 4.5, 30]:
        wait(writer, hours, timedelta(days=10))
    assert db.read(usual_time, writer.facility_id) == "Usually read within 2 hours, and nearly all within 30 hours."
    said = {sentence(writer), db.read(measured_time, writer.facility_id), writer.send().outlook.reading}
    assert said == {"Messages here are usually read within 2 hours, and nearly all within 30 hours."}


def test_rejections_count_as_decisions_too(pair):
    writer = pair()
    for _ in range(4):
        wait(writer, 3, timedelta(days=2))
    begin = clock.now() - timedelta(days=1)
    with clock.at(begin):
        message_id = writer.send().id
    with clock.at(begin + timedelta(hours=3)):
        reject(writer, message_id)
    assert sentence(writer) == "Messages here are usually read within 3 hours."


def test_review_time_is_honest_when_too_little_is_known(pair):
    writer, elsewhere = pair(), pair()
    for _ in range(4):
        wait(writer, 3, timedelta(days=2))
    for _ in range(5):
        wait(writer, 3, timedelta(days=120))
        wait(elsewhere, 3, timedelta(days=2))
    assert sentence(writer).startswith("Too few messages")


def test_slow_facilities_are_told_in_days(pair):
    writer = pair()
    for _ in range(5):
        wait(writer, 71.5, timedelta(days=10))
    assert sentence(writer) == "Messages here are usually read within 3 days."
