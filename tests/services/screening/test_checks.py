"""The check before SEND: what published rules find, and nothing of the others."""

from __future__ import annotations

import pytest

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.rules import NewRule
from rxconnect.domain.screening import RuleKind
from rxconnect.domain.terms import VERSION
from rxconnect.models import Message
from rxconnect.services.messages import drafts, messages
from rxconnect.services.photos import draft_photos
from rxconnect.services.screening import checks, hits, submissions, trials
from tests.photographs import add_photo
from tests.services.screening.ruling import pattern, switch_on, words, write

PHONE = "This looks like a telephone number of another person."


@pytest.fixture
def writer(pair):
    return pair()


@pytest.fixture
def administrator(actor, writer):
    return actor(role=Role.ADMINISTRATOR, facility_id=writer.facility_id)


def check(writer, subject="Hello", body="Call 555-0142, and bring cash."):
    def run(session, actor, draft_id):
        return checks.check(session, actor, drafts.check_and_preview(session, actor, draft_id))

    return db.read(run, writer.family, writer.draft(subject, body))


def test_a_published_rule_says_why_and_where(writer, administrator):
    switch_on(administrator, writer.facility_id, pattern("[0-9]{3}-[0-9]{4}", published=PHONE))
    found = check(writer, subject="555-0101")
    assert found.notes == [PHONE]
    assert [(piece.text, piece.note) for piece in found.body] == [
        ("Call ", ""),
        ("555-0142", PHONE),
        (", and bring cash.", ""),
    ]
    assert [(piece.text, piece.note) for piece in found.subject] == [("555-0101", PHONE)]


def test_nothing_is_told_of_a_rule_that_is_not_published_or_not_on(writer, administrator):
    switch_on(administrator, writer.facility_id, words("cash", name="Xanthippe"))
    write(administrator, writer.facility_id, pattern("[0-9]+", published=PHONE))
    switch_on(administrator, writer.facility_id, pattern("zebra", published="About zebras."))
    found = check(writer)
    assert (found.notes, [piece.note for piece in found.body]) == ([], [""])
    assert "Xanthippe" not in repr(found)


def test_limits_are_told_before_the_letter_that_is_beyond_them(writer, administrator):
    many = NewRule(RuleKind.LETTERS, "Many", most="1", is_published=True, published_text="More than one a day.")
    long = NewRule(
        RuleKind.CHARACTERS, "Long", most="99", is_published=True, published_text="Long letters take longer."
    )
    for rule in (many, long):
        switch_on(administrator, writer.facility_id, rule)
    assert check(writer).notes == []
    writer.send()
    assert check(writer, body="x" * 100).notes == ["More than one a day.", "Long letters take longer."]


def test_another_facilitys_rules_say_nothing(writer, actor, facility):
    other = facility()
    switch_on(actor(role=Role.ADMINISTRATOR, facility_id=other), other, words("cash", published="No cash."))
    assert check(writer).notes == []


def test_rules_read_the_captions_of_photos_before_send_and_after(writer, administrator):
    rule_id = switch_on(administrator, writer.facility_id, pattern("[0-9]{3}-[0-9]{4}", "Numbers", published=PHONE))
    draft_id = writer.draft()
    photo = add_photo(writer.family, draft_id)
    db.write(draft_photos.add_caption, writer.family, photo.id, "Xanthippe: 555-0142")
    view = db.read(drafts.check_and_preview, writer.family, draft_id)
    assert db.read(checks.check, writer.family, view).notes == [f"Caption: {PHONE}"]
    message_id = db.write(submissions.send, writer.family, draft_id, accepted_terms=VERSION)
    with db.reading() as session:
        found, _subject, body = hits.in_letter(session, session.get_one(Message, message_id))
    assert [(one.name, one.label, one.count) for one in found] == [("Numbers", "Pattern · Caption", 1)]
    assert [piece.note for piece in body] == [""]
    assert trials.try_rule(administrator, rule_id).count.held == 1
    (person,) = db.read(messages.search, writer.family, "xanthippe").people
    assert [one.id for one in person.messages] == [message_id]
