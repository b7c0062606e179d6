"""The last letters with what became of them, and the months of a conversation."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import NotFound
from rxconnect.domain.messages import Reason
from rxconnect.services.dashboard import letter_lines
from rxconnect.services.messages import messages
from rxconnect.services.paper import replies
from rxconnect.services.review import review


def latest(writer, length=5):
    return db.read(letter_lines.latest, writer.family, length)


def reply(writer):
    whom = (writer.inmate_id, writer.family.account_id)
    return db.write(replies.deliver_reply, writer.reviewer, *whom, subject="Hi", body="Thank you, Mom.")


def test_a_letter_that_was_not_delivered_says_that_its_credit_is_back(pair):
    writer = pair()
    rejected = writer.send("One", "The first letter.")
    db.write(review.reject, writer.reviewer, rejected.id, Reason.CODED, "The third line.")
    writer.send("Two", "The second letter.")
    assert [(line.snippet, line.outcome) for line in latest(writer)] == [
        ("The second letter.", "In review"),
        ("The first letter.", "Not delivered, 1 credit back"),
    ]


def test_an_answer_has_no_outcome_and_is_unread_until_it_is_read(pair):
    writer = pair()
    answer = reply(writer)
    (line,) = latest(writer)
    assert (line.is_outgoing, line.is_unread, line.outcome) == (False, True, "")
    db.write(messages.mark_read, writer.family, line.id)
    assert not latest(writer)[0].is_unread
    assert answer


def test_only_the_last_letters_of_the_account_itself_are_listed(pair):
    writer, other = pair(), pair()
    other.send("Elsewhere")
    for number in range(3):
        writer.send(f"{number}", f"Letter {number}")
    assert [line.snippet for line in latest(writer, 2)] == ["Letter 2", "Letter 1"]


@pytest.fixture
def of_two_months(pair):
    """Letters on the last evening of January and in February, as the facility's clock has it."""
    writer = pair(facility_fields={"time_zone": "America/Los_Angeles"})
    for day in (
        datetime(2026, 2, 1, 6, tzinfo=UTC),
        datetime(2026, 2, 1, 12, tzinfo=UTC),
        datetime(2026, 2, 9, tzinfo=UTC),
    ):
        with clock.at(day):
            writer.send(f"{day:%d %H}")
    return writer


def test_months_are_those_of_the_facilitys_clock(of_two_months):
    found = db.read(letter_lines.months, of_two_months.family, of_two_months.contact_id)
    assert [(one.key, one.label, one.letters) for one in found] == [
        ("2026-02", "February 2026", 2),
        ("2026-01", "January 2026", 1),
    ]


def test_a_conversation_can_begin_at_the_end_of_a_month(of_two_months):
    writer = of_two_months
    ends = db.read(letter_lines.end_of_month, writer.family, writer.contact_id, "2026-01")
    found = db.read(messages.thread, writer.family, writer.contact_id, before=ends)
    assert [letter.subject for letter in found] == ["01 06"]


@pytest.mark.parametrize("key", ["", "2026-13", "2026-1", "²⁰²⁶-01", "2026-01-01", "x" * 5000])
def test_what_is_no_month_leads_nowhere(pair, key):
    writer = pair()
    assert db.read(letter_lines.end_of_month, writer.family, writer.contact_id, key) is None


def test_the_months_of_another_account_are_not_told(pair):
    writer, other = pair(), pair()
    with pytest.raises(NotFound):
        db.read(letter_lines.months, writer.family, other.contact_id)
    with pytest.raises(NotFound):
        db.read(letter_lines.end_of_month, writer.family, other.contact_id, "2026-01")
