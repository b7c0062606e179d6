"""Submissions: SEND puts a letter at the desk at once; one that cannot be screened waits a little, and is then read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import CannotScreen
from rxconnect.domain.review import Screening
from rxconnect.domain.terms import VERSION
from rxconnect.models import Message, MessageEvent, QueueEntry
from rxconnect.services.messages import messages, withdrawals
from rxconnect.services.review import queue
from rxconnect.services.screening import screening, submissions
from tests.services.scheduling.running import run_job


def entries():
    with db.reading() as session:
        return [(one.message_id, one.held_for, one.language) for one in session.exec(select(QueueEntry))]


def send_only(writer):
    """SEND without the screening that follows, as if the worker had died in between."""
    return db.write(messages.send, writer.family, writer.draft(), accepted_terms=VERSION)


@pytest.fixture
def rules(monkeypatch):
    """`rules(outcome)`: screening gives this outcome, or raises it."""

    def use(outcome):
        def screen(_session, _message):
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(screening, "screen", screen)

    return use


def test_a_letter_is_in_the_queue_as_soon_as_it_is_sent(pair):
    writer = pair(facility_fields={"promised_hours": 5})
    message = writer.send()
    assert (message.status, entries()) == ("in review", [(message.id, "every letter", "")])
    with db.reading() as session:
        entry = session.exec(select(QueueEntry)).one()
    assert timedelta(hours=4, minutes=59) < entry.due_at - clock.now() <= timedelta(hours=5)


def test_a_second_send_adds_nothing(pair):
    writer = pair()
    draft_id = writer.draft()
    sent = {db.write(submissions.send, writer.family, draft_id, accepted_terms=VERSION) for _ in range(2)}
    assert len(sent) == len(entries()) == 1


def test_the_job_screens_what_send_left(pair):
    writer = pair()
    message_id = send_only(writer)
    assert (writer.message(message_id).status, entries()) == ("screening", [])
    assert run_job(submissions.screen_due) == 1
    assert run_job(submissions.screen_due) == 0
    assert writer.message(message_id).status == "in review"


def test_a_letter_in_screening_can_be_withdrawn(pair):
    writer = pair()
    message_id = send_only(writer)
    db.write(withdrawals.withdraw, writer.family, message_id)
    assert run_job(submissions.screen_due) == 0
    assert (writer.message(message_id).status, writer.credits(), entries()) == ("withdrawn", (10, 0), [])


def test_a_released_letter_is_approved_by_nobody_and_its_language_is_kept(pair, rules):
    writer = pair()
    rules(Screening(None, "es"))
    message = writer.send()
    assert (message.status, message.reviewed_by, entries()) == ("approved", "", [])
    with db.reading() as session:
        assert session.get_one(Message, message.id).language == "es"
        events = session.exec(select(MessageEvent.status, MessageEvent.by_role)).all()
    assert events == [("submitted", "family"), ("screening", ""), ("approved", "")]


def test_a_letter_that_cannot_be_screened_waits_and_is_then_read_by_staff(pair, rules):
    writer = pair()
    rules(CannotScreen())
    message = writer.send()
    assert message.status == "screening"
    assert run_job(submissions.screen_due) == 0
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert run_job(submissions.screen_due) == 1
    (line,) = db.read(queue.page, writer.reviewer).lines
    assert line.held_for == "Could not be screened"
