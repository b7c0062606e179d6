"""Replies on paper: entered by staff, delivered to the family, and the letter counts as answered."""

from __future__ import annotations

import pytest

from rxconnect import db
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound
from rxconnect.services.paper import replies
from rxconnect.services.review import review


def delivered(writer):
    message_id = writer.send().id
    db.write(review.approve, writer.reviewer, message_id)
    db.write(review.deliver, writer.reviewer, message_id)
    return message_id


def enter(writer, message_id, subject="Hi", body="Thank you.", by=None):
    return db.write(replies.enter, by or writer.reviewer, message_id, subject=subject, body=body)


def test_a_reply_reaches_the_family_and_the_letter_is_answered(pair):
    writer = pair()
    message_id = delivered(writer)
    reply = writer.message(enter(writer, message_id))
    assert (reply.direction, reply.body, reply.is_unread) == ("incoming", "Thank you.", True)
    assert writer.message(message_id).status == "replied"
    assert writer.credits() == (9, 0)
    enter(writer, message_id, "Hi again")
    assert writer.message(message_id).status == "replied"


def test_only_the_newest_letter_counts_as_answered(pair):
    writer = pair()
    first, second = delivered(writer), delivered(writer)
    enter(writer, first)
    assert [writer.message(one).status for one in (first, second)] == ["delivered", "replied"]


def test_a_letter_that_has_not_arrived_has_no_reply(pair):
    writer = pair()
    with pytest.raises(NotFound):
        enter(writer, writer.send().id)


def test_a_reply_has_words_and_a_limit(pair):
    writer = pair()
    message_id = delivered(writer)
    for wrong in ({"body": " "}, {"body": "x" * 50_001}, {"subject": "x" * 101}):
        with pytest.raises(Invalid):
            enter(writer, message_id, **wrong)


def test_staff_elsewhere_and_families_enter_none(pair):
    writer, elsewhere = pair(), pair()
    message_id = delivered(writer)
    with pytest.raises(NotFound):
        enter(writer, message_id, by=elsewhere.reviewer)
    with pytest.raises(NotAllowed):
        enter(writer, message_id, by=writer.family)
