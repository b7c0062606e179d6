"""Messages: sent once, paid once, found again, and nobody else's business."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import (
    FacilityClosed,
    InsufficientCredits,
    Invalid,
    NotAllowed,
    NotFound,
    NotReachable,
    TermsNotAccepted,
)
from rxconnect.domain.messages import Reason
from rxconnect.domain.terms import VERSION
from rxconnect.models import Message
from rxconnect.services.messages import drafts, messages, withdrawals
from rxconnect.services.paper import replies
from rxconnect.services.review import review
from rxconnect.services.screening import submissions


def send(writer, draft_id, version=VERSION):
    return db.write(submissions.send, writer.family, draft_id, accepted_terms=version)


def reply(writer, body="Thank you, Mom.", subject="Hi"):
    whom = (writer.inmate_id, writer.family.account_id)
    return db.write(replies.deliver_reply, writer.reviewer, *whom, subject=subject, body=body)


def test_sending_holds_the_credits_and_ends_the_draft(pair):
    writer = pair(credits=10, facility_fields={"characters_per_credit": 10})
    message = writer.send("Hello", "x" * 25)
    assert (message.status, message.cost, writer.credits()) == ("in review", "3 credits set aside", (7, 3))
    assert db.read(drafts.my_drafts, writer.family) == []


def test_a_message_reads_as_it_was_written(pair):
    text = "<b>Mijo</b> & Lily 👧\n\n\tמתגעגעים אליך, José"
    message = pair().send("¿Cómo estás?", text)
    assert (message.subject, message.body) == ("¿Cómo estás?", text)
    assert (message.from_name, message.to_name) == ("Sam Rivera", "Marcus Rivera")


def test_a_second_send_of_the_same_draft_sends_nothing(pair):
    writer = pair()
    draft_id = writer.draft()
    assert send(writer, draft_id) == send(writer, draft_id)
    assert writer.credits() == (9, 1)


def test_ten_sends_at_once_send_one_message(pair):
    writer = pair()
    draft_id = writer.draft()
    with ThreadPoolExecutor(10) as pool:
        sent = list(pool.map(lambda _: send(writer, draft_id), range(10)))
    assert (len(set(sent)), writer.credits()) == (1, (9, 1))
    assert len(db.read(messages.thread, writer.family, writer.contact_id)) == 1


def test_the_last_credit_is_held_for_one_of_many_messages(pair):
    writer = pair(credits=1)
    many = [writer.draft(f"Letter {number}") for number in range(5)]

    def try_to_send(draft_id):
        try:
            return send(writer, draft_id)
        except InsufficientCredits:
            return None

    with ThreadPoolExecutor(5) as pool:
        sent = [message for message in pool.map(try_to_send, many) if message]
    assert (len(sent), writer.credits()) == (1, (0, 1))
    assert len(db.read(drafts.my_drafts, writer.family)) == 4


def test_the_accepted_terms_are_recorded_with_their_time(pair):
    before = clock.now()
    message_id = pair().send().id
    with db.reading() as session:
        row = session.get_one(Message, message_id)
    assert row.terms_version == VERSION
    assert before <= row.terms_accepted_at <= clock.now()


@pytest.mark.parametrize("version", ["", "2019-01", "<script>"])
def test_nothing_is_sent_without_the_current_terms(pair, version):
    writer = pair()
    draft_id = writer.draft()
    with pytest.raises(TermsNotAccepted):
        send(writer, draft_id, version)
    assert writer.credits() == (10, 0)
    assert db.read(drafts.get, writer.family, draft_id).body == "We miss you."


@pytest.mark.parametrize(
    ("circumstances", "refusal"),
    [
        ({"custody": "released"}, NotReachable),
        ({"facility_fields": {"opening": "paused"}}, FacilityClosed),
        ({"facility_fields": {"character_limit": 5}}, Invalid),
        ({"facility_fields": {"characters_per_credit": 1}}, InsufficientCredits),
    ],
)
def test_a_refused_message_costs_nothing_and_keeps_the_draft(pair, circumstances, refusal):
    writer = pair(**circumstances)
    draft_id = writer.draft()
    with pytest.raises(refusal):
        send(writer, draft_id)
    assert writer.credits() == (10, 0)
    assert db.read(drafts.get, writer.family, draft_id).body == "We miss you."


def test_somebody_elses_draft_cannot_be_sent(pair):
    writer, stranger = pair(), pair()
    draft_id = writer.draft()
    with pytest.raises(NotFound):
        send(stranger, draft_id)
    assert (writer.credits(), stranger.credits()) == ((10, 0), (10, 0))


def test_somebody_elses_sent_draft_shows_nothing(pair):
    writer, stranger = pair(), pair()
    draft_id = writer.draft()
    send(writer, draft_id)
    with pytest.raises(NotFound):
        send(stranger, draft_id)


def test_staff_send_nothing(pair, actor):
    writer = pair()
    with pytest.raises(NotAllowed):
        db.write(submissions.send, writer.reviewer, writer.draft(), accepted_terms=VERSION)


@pytest.mark.parametrize("touch", [messages.get, withdrawals.withdraw, withdrawals.undo])
def test_somebody_elses_message_does_not_exist(pair, touch):
    writer, stranger = pair(), pair()
    message_id = writer.send().id
    for other in (stranger.family, stranger.reviewer, writer.reviewer):
        with pytest.raises(NotFound):
            db.write(touch, other, message_id)
    assert writer.message(message_id).status == "in review"


def test_somebody_elses_thread_does_not_exist(pair):
    writer, stranger = pair(), pair()
    writer.send()
    with pytest.raises(NotFound):
        db.read(messages.thread, stranger.family, writer.contact_id)


def test_the_timeline_shows_what_happened_and_what_is_still_to_come(pair):
    writer = pair(facility_fields={"shows_opened": True})
    message_id = writer.send().id
    db.write(review.approve, writer.reviewer, message_id)
    assert [(event.label, event.is_done) for event in writer.message(message_id).timeline] == [
        ("Sent", True),
        ("Checked", True),
        ("In review", True),
        ("Approved", True),
        ("Delivered", False),
        ("Opened", False),
    ]


def test_the_timeline_is_stamped_in_the_facilitys_own_time(pair):
    writer = pair(facility_fields={"time_zone": "America/Los_Angeles"})
    with clock.at(clock.now().replace(month=7, day=4, hour=1, minute=5)):
        sent = writer.send().timeline[0]
    assert sent.at.startswith("Jul 3, ")
    assert sent.at.endswith(", 6:05 PM PDT")


def test_a_rejected_message_says_why_by_whom_and_that_the_credit_is_back(pair):
    writer = pair()
    message_id = writer.send().id
    db.write(review.reject, writer.reviewer, message_id, Reason.CODED, "The third line\nis in numbers.")
    message = writer.message(message_id)
    assert (message.reason_label, message.reason_rule) == (Reason.CODED.label, Reason.CODED.rule)
    assert (message.reason_note, message.reviewed_by) == ("The third line is in numbers.", "Mail-room reviewer")
    assert message.timeline[-1].note == "Mail-room reviewer: coded language. 1 credit returned."


def test_a_reply_is_unread_until_it_is_read(pair):
    writer = pair()
    message_id = reply(writer)
    assert db.read(messages.unread_count, writer.family) == 1
    db.write(messages.mark_read, writer.family, message_id)
    assert db.read(messages.unread_count, writer.family) == 0
    assert not writer.message(message_id).is_unread


def test_reading_a_thread_reads_all_of_it_and_nothing_else(pair, inmate):
    writer, other = pair(), pair()
    reply(writer), reply(writer), reply(other)
    db.write(messages.mark_thread_read, writer.family, writer.contact_id)
    db.write(messages.mark_thread_read, writer.family, other.contact_id)
    assert db.read(messages.unread_count, writer.family) == 0
    assert db.read(messages.unread_count, other.family) == 1


def test_threads_with_unread_messages_come_first_then_the_latest(pair, add_contact, inmate):
    writer = pair(first_name="Marcus")
    quiet = add_contact(writer.family, inmate(writer.facility_id, first_name="Shawn"))
    with clock.at(clock.now() - timedelta(days=3)):
        reply(writer, subject="Unread and old")
    draft_id = db.write(drafts.get_or_create_empty, writer.family, quiet)
    db.write(drafts.save, writer.family, draft_id, subject="New", body="Hello Shawn")
    send(writer, draft_id)
    lines = db.read(messages.threads, writer.family)
    assert [(line.name.split()[0], line.unread, line.is_outgoing) for line in lines] == [
        ("Marcus", 1, False),
        ("Shawn", 0, True),
    ]
    assert (lines[1].snippet, lines[1].status_label) == ("Hello Shawn", "In review")


def test_a_thread_is_read_from_the_oldest_to_the_newest(pair):
    writer = pair()
    with clock.at(clock.now() - timedelta(days=1)):
        writer.send("first")
    writer.send("second")
    reply(writer, subject="third")
    assert [m.subject for m in db.read(messages.thread, writer.family, writer.contact_id)] == [
        "first",
        "second",
        "third",
    ]


def test_a_long_thread_begins_with_its_newest_part(pair):
    writer = pair()
    for number in range(4):
        reply(writer, subject=f"{number}")
    newest = db.read(messages.thread, writer.family, writer.contact_id, length=2)
    assert [message.subject for message in newest] == ["2", "3"]


def test_no_row_of_a_refused_send_stays_behind(pair):
    writer = pair(credits=0)
    with pytest.raises(InsufficientCredits):
        send(writer, writer.draft())
    with db.reading() as session:
        assert session.exec(select(Message)).all() == []


@pytest.mark.parametrize("role", [None, Role.REVIEWER])
def test_somebody_without_messages_has_an_empty_inbox(actor, role):
    nobody = actor(role=role)
    assert db.read(messages.threads, nobody) == []
    assert db.read(messages.unread_count, nobody) == 0
