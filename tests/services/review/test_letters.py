"""A letter that is open at the desk: what stands beside it, and the record that somebody saw it."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import ContactBlocked, Invalid, NotAllowed, NotFound
from rxconnect.domain.messages import Reason
from rxconnect.models import Message, StaffView
from rxconnect.services.paper import replies
from rxconnect.services.review import letters, review, shelves
from tests.services.review.desks import claim, decide


def open_letter(reviewer, message_id):
    return db.write(letters.open_letter, reviewer, message_id)


def views():
    with db.reading() as session:
        return [(one.message_id, one.kind) for one in session.exec(select(StaffView).order_by(col(StaffView.id)))]


def test_opening_claims_the_letter_and_shows_everything_beside_it(pair):
    writer = pair(first_name="Marcus", last_name="Rivera", housing="Unit C", facility_fields={"rules": ["No codes."]})
    rejected = writer.send("First").id
    db.write(review.reject, writer.reviewer, rejected, Reason.CODED)
    message_id = writer.send("Second", "Words.").id
    db.write(shelves.add_note, writer.reviewer, message_id, "Look at the first.")

    letter = open_letter(writer.reviewer, message_id)

    assert (letter.subject, letter.body, letter.person, letter.housing) == (
        "Second",
        "Words.",
        "Marcus Rivera",
        "Unit C",
    )
    assert (letter.may_decide, letter.why_not, letter.claimed_by) == (True, "", "Robin Reed")
    assert [(one.message_id, one.status_label) for one in letter.beside] == [(rejected, "Not delivered")]
    history = letter.sender_history
    assert (history.letters, history.rejected, history.reasons) == (2, 1, [("Coded language", 1)])
    assert letter.person_history.name == "Marcus Rivera"
    assert [rule.text for rule in letter.rules] == ["No codes."]
    assert [note.text for note in letter.notes] == ["Look at the first."]
    assert [item.is_open for item in letter.items] == [True]


def test_every_view_of_a_letter_leaves_a_row_and_a_reload_none(pair):
    writer = pair()
    first, second = writer.send().id, writer.send().id
    open_letter(writer.reviewer, second)
    assert views() == [(second, "opened"), (first, "beside")]
    db.read(letters.reload, writer.reviewer, second)
    assert len(views()) == 2


def test_a_letter_that_comes_to_stand_beside_an_open_one_is_recorded_once(pair):
    writer = pair()
    message_id = writer.send().id
    open_letter(writer.reviewer, message_id)
    new = writer.send().id
    db.write(letters.reload_with_new_beside, writer.reviewer, message_id, set())
    db.write(letters.reload_with_new_beside, writer.reviewer, message_id, {new})
    assert views() == [(message_id, "opened"), (new, "beside")]


def test_a_colleagues_letter_opens_but_cannot_be_decided(pair, actor):
    writer = pair()
    colleague = actor(role=Role.REVIEWER, facility_id=writer.facility_id)
    message_id = writer.send().id
    claim(writer.reviewer, message_id)
    letter = open_letter(colleague, message_id)
    assert (letter.may_decide, letter.claimed_by) == (False, "Robin Reed")
    decide(writer.reviewer, message_id)
    letter = open_letter(colleague, message_id)
    assert (letter.may_decide, letter.claimed_by) == (False, "")
    assert [made.outcome_label for made in letter.decisions] == ["Approved"]


def test_nothing_of_the_privileged_lane_is_shown_beside_a_letter(pair):
    writer = pair()
    lawyers, message_id = writer.send("Secret").id, writer.send().id
    with db.transaction() as session:
        session.get_one(Message, lawyers).lane = "privileged"
    letter = open_letter(writer.reviewer, message_id)
    assert (letter.beside, letter.sender_history.letters) == ([], 1)
    for read in (letters.open_letter, shelves.notes):
        with pytest.raises(NotFound):
            db.write(read, writer.reviewer, lawyers)


def test_staff_elsewhere_and_families_see_nothing(pair):
    writer, elsewhere = pair(), pair()
    message_id = writer.send().id
    with pytest.raises(NotFound):
        open_letter(elsewhere.reviewer, message_id)
    with pytest.raises(NotAllowed):
        open_letter(writer.family, message_id)
    assert views() == []


def test_a_note_has_words_and_a_limit(pair):
    writer = pair()
    message_id = writer.send().id
    for wrong in ("", " ", "x" * 1001):
        with pytest.raises(Invalid):
            db.write(shelves.add_note, writer.reviewer, message_id, wrong)


def test_a_reply_shows_in_the_thread(pair):
    writer = pair()
    first = writer.send().id
    for move in (review.approve, review.deliver):
        db.write(move, writer.reviewer, first)
    reply = db.write(replies.enter, writer.reviewer, first, subject="Hi", body="Thank you.")
    letter = open_letter(writer.reviewer, writer.send().id)
    assert [(one.message_id, one.is_from_family) for one in letter.beside] == [(first, True), (reply, False)]


def test_the_pair_of_a_letter_is_blocked_for_the_next_one(pair):
    writer, stranger = pair(), pair()
    message_id = writer.send().id
    with pytest.raises(Invalid):
        db.write(letters.block_pair, writer.reviewer, message_id, " ")
    with pytest.raises(NotFound):
        db.write(letters.block_pair, stranger.reviewer, message_id, "They asked for it.")
    db.write(letters.block_pair, writer.reviewer, message_id, "They asked for it.")
    with pytest.raises(ContactBlocked):
        writer.send()
    assert writer.message(message_id).status == "in review"
