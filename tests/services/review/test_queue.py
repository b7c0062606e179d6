"""The queue: the oldest due first, filtered, page by page, and nothing of another facility or the privileged lane."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Post, Role
from rxconnect.domain.desk import DeskFilter
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound
from rxconnect.domain.review import HoldReason, Queue, Shelf
from rxconnect.models import Message, QueueEntry
from rxconnect.services.review import filters, queue, shelves
from tests.services.review.desks import claim, decide, later


@pytest.fixture(params=["sqlite", "postgresql"])
def writer(request, database, use, pair):
    use(request.param)
    return pair(credits=40, first_name="Marcus", last_name="Rivera", facility_fields={"promised_hours": 2})


def ids(reviewer, **wanted):
    return [line.message_id for line in db.read(queue.page, reviewer, DeskFilter(**wanted)).lines]


def change(message_id, **fields):
    with db.transaction() as session:
        session.get_one(QueueEntry, message_id).sqlmodel_update(fields)


def test_a_line_says_who_what_and_until_when(writer):
    message_id = writer.send("A subject").id
    with later(3 * 3600):
        (line,) = db.read(queue.page, writer.reviewer).lines
    assert (line.message_id, line.sender, line.person, line.subject) == (
        message_id,
        "Sam Rivera",
        "Marcus Rivera",
        "A subject",
    )
    assert (line.due, line.is_overdue, line.held_for) == (
        "1 hour overdue",
        True,
        "Every letter is read here",
    )


def test_a_page_loads_no_letter_whose_words_it_does_not_show(writer):
    writer.send("A subject")
    loaded = []

    def load(message, _context):
        loaded.append(message)

    event.listen(Message, "load", load)
    try:
        (line,) = db.read(queue.page, writer.reviewer).lines
    finally:
        event.remove(Message, "load", load)
    assert (line.subject, line.is_reply, loaded) == ("A subject", False, [])


def test_the_pages_together_are_the_queue_in_order(writer):
    sent = [writer.send().id for _ in range(7)]
    found, cursor = [], ""
    for _page in range(3):
        page = db.read(queue.page, writer.reviewer, None, cursor, 3)
        found += [line.message_id for line in page.lines]
        cursor = page.next_cursor
    assert (found, cursor) == (sent, "")
    assert db.read(queue.cursor_of, writer.reviewer, sent[0]) == db.read(queue.page, writer.reviewer).lines[0].cursor


def test_the_next_letter_goes_on_after_the_one_before(writer):
    first, second, third = (writer.send().id for _ in range(3))
    after = db.read(queue.cursor_of, writer.reviewer, first)
    assert db.write(queue.claim_next, writer.reviewer, None, after) == second
    assert db.write(queue.claim_next, writer.reviewer, None, after) == third
    assert db.write(queue.claim_next, writer.reviewer, None, after) is None


@pytest.mark.parametrize("wrong", ["x", "2026-01-01T00:00:00~1", "2026-01-01T00:00:00+00:00~-1", "~", "9" * 500])
def test_a_cursor_that_is_not_ours_finds_nothing(writer, wrong):
    with pytest.raises(NotFound):
        db.read(queue.page, writer.reviewer, None, wrong)


def test_the_facilities_of_one_reviewer_are_one_queue(writer, pair):
    other = pair(credits=10, facility_fields={"promised_hours": 1})
    late, soon = writer.send().id, other.send().id
    posts = (Post(writer.facility_id, Role.REVIEWER), Post(other.facility_id, Role.ADMINISTRATOR))
    both = replace(writer.reviewer, posts=posts)
    assert ids(both) == [soon, late]
    assert ids(both, facility_id=writer.facility_id) == [late]
    assert ids(other.reviewer) == [soon]
    with pytest.raises(NotFound):
        ids(writer.reviewer, facility_id=other.facility_id)
    assert db.read(queue.counts, both).waiting == 2


def test_filters_narrow_the_queue(writer):
    plain, spanish, words = (writer.send().id for _ in range(3))
    change(spanish, language="es", held_for=HoldReason.LANGUAGE)
    change(words, held_for=HoldReason.WORDS)
    claim(writer.reviewer, words)
    assert ids(writer.reviewer) == [plain, spanish, words]
    assert ids(writer.reviewer, language="es") == [spanish]
    assert ids(writer.reviewer, held_for=HoldReason.WORDS) == [words]
    assert ids(writer.reviewer, claim="mine") == [words]
    assert ids(writer.reviewer, is_overdue=True) == []
    with later(3 * 3600):
        assert ids(writer.reviewer, is_overdue=True) == [plain, spanish, words]
    assert ids(writer.reviewer, queue=Queue.APPEALS) == []


def test_a_letter_set_aside_comes_back_at_its_time(writer):
    message_id, other = writer.send().id, writer.send().id
    claim(writer.reviewer, message_id)
    for wrong in (clock.now(), clock.now() + timedelta(days=8)):
        with pytest.raises(Invalid):
            db.write(shelves.set_aside, writer.reviewer, message_id, wrong)
    db.write(shelves.set_aside, writer.reviewer, message_id, clock.now() + timedelta(hours=1), "Ask the chaplain.")
    assert ids(writer.reviewer) == [other]
    assert ids(writer.reviewer, shelf=Shelf.SET_ASIDE) == [message_id]
    assert db.read(queue.counts, writer.reviewer).set_aside == 1
    assert db.write(queue.claim_next, writer.reviewer) == other
    with later(3601):
        assert ids(writer.reviewer) == [message_id, other]


def test_an_escalated_letter_is_for_administrators(writer, actor):
    boss = actor(role=Role.ADMINISTRATOR, facility_id=writer.facility_id)
    message_id = writer.send().id
    claim(writer.reviewer, message_id)
    with pytest.raises(Invalid):
        db.write(shelves.escalate, writer.reviewer, message_id, " ")
    db.write(shelves.escalate, writer.reviewer, message_id, "A threat?")
    assert (ids(writer.reviewer), ids(boss)) == ([], [])
    with pytest.raises(NotAllowed):
        ids(writer.reviewer, shelf=Shelf.ESCALATED)
    with pytest.raises(NotAllowed):
        claim(writer.reviewer, message_id)
    assert ids(boss, shelf=Shelf.ESCALATED) == [message_id]
    assert (db.read(queue.counts, boss).escalated, db.read(queue.counts, writer.reviewer).escalated) == (1, 0)
    decide(boss, message_id)
    assert ids(boss, shelf=Shelf.ESCALATED) == []


def test_an_administrator_gives_an_escalated_letter_back(writer, actor):
    boss = actor(role=Role.ADMINISTRATOR, facility_id=writer.facility_id)
    message_id = writer.send().id
    claim(writer.reviewer, message_id)
    db.write(shelves.escalate, writer.reviewer, message_id, "A threat?")
    with pytest.raises(NotAllowed):
        db.write(shelves.return_to_reviewers, writer.reviewer, message_id, "No.")
    db.write(shelves.return_to_reviewers, boss, message_id, "A song.")
    assert ids(writer.reviewer) == [message_id]
    notes = db.read(shelves.notes, writer.reviewer, message_id)
    assert [(note.kind, note.text) for note in notes] == [("escalated", "A threat?"), ("returned", "A song.")]


def test_a_filter_is_saved_replaced_and_removed_by_its_owner(writer, actor):
    colleague = actor(role=Role.REVIEWER, facility_id=writer.facility_id)
    db.write(filters.save, writer.reviewer, "Spanish", DeskFilter(language="fr"))
    saved = db.write(filters.save, writer.reviewer, " Spanish\n", DeskFilter(language="es", queue=Queue.APPEALS))
    assert db.read(filters.my_filters, writer.reviewer) == [saved]
    assert saved.filter == DeskFilter(language="es", queue=Queue.APPEALS)
    assert db.read(filters.my_filters, colleague) == []
    with pytest.raises(NotFound):
        db.write(filters.remove, colleague, saved.id)
    with pytest.raises(Invalid):
        db.write(filters.save, writer.reviewer, " ", DeskFilter())
    db.write(filters.remove, writer.reviewer, saved.id)
    assert db.read(filters.my_filters, writer.reviewer) == []
