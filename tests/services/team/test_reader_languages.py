"""The languages that staff read: each lists their own, and the desk's filter uses them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.desk import DeskFilter
from rxconnect.domain.errors import Invalid, NotAllowed
from rxconnect.models import AuditRow, Message
from rxconnect.services.accounts import staff
from rxconnect.services.review import queue
from rxconnect.services.team import reader_languages

FINNISH = "Täällä on jo lunta. Isä lapioi pihan ja tuli sisään nauramaan. Kaikki kunnossa, kirjoita kun jaksat."
SPANISH = "La abuela ya camina con el bastón nuevo. Dice que te debe un abrazo y que no se le olvida."


def mine(actor):
    return [code for code, _name in db.read(reader_languages.my_languages, actor)]


def test_a_reviewer_lists_languages_and_takes_them_away(pair):
    reviewer = pair().reviewer
    for code in ("es", "en", "es"):
        db.write(reader_languages.add, reviewer, code)
    assert db.read(reader_languages.my_languages, reviewer) == [("en", "English"), ("es", "Spanish")]
    db.write(reader_languages.remove, reviewer, "en")
    assert mine(reviewer) == ["es"]


def test_only_a_known_language_can_be_listed_and_only_by_reviewers(pair, actor, facility):
    writer = pair()
    with pytest.raises(Invalid):
        db.write(reader_languages.add, writer.reviewer, "elvish")
    for other in (writer.family, actor(role=Role.AUDITOR, facility_id=writer.facility_id)):
        with pytest.raises(NotAllowed):
            db.write(reader_languages.add, other, "es")


def test_a_language_that_was_not_listed_leaves_no_word_in_the_audit(pair):
    reviewer = pair().reviewer
    db.write(reader_languages.remove, reviewer, "Marcus")
    with db.reading() as session:
        kinds = session.exec(select(AuditRow.kind)).all()
    assert AuditKind.LANGUAGES_CHANGED not in kinds
    for other in (pair().family, replace(reviewer, posts=())):
        with pytest.raises(NotAllowed):
            db.write(reader_languages.remove, other, "es")


def test_the_desk_shows_letters_in_my_languages_and_those_of_unknown_language(pair):
    writer = pair()
    unknown = writer.send(body=FINNISH).id
    with db.reading() as session:
        assert session.get_one(Message, unknown).language == ""
    db.write(reader_languages.add, writer.reviewer, "es")
    finnish, spanish = writer.send(body=FINNISH).id, writer.send(body=SPANISH).id
    everything = [line.message_id for line in db.read(queue.page, writer.reviewer).lines]
    readable = [line.message_id for line in db.read(queue.page, writer.reviewer, DeskFilter(is_readable=True)).lines]
    assert (everything, readable) == ([unknown, finnish, spanish], [unknown, spanish])


def test_languages_are_recognised_as_soon_as_a_reader_of_some_joins(pair, actor):
    there, here = pair(), pair()
    newcomer = actor(role=Role.REVIEWER, facility_id=there.facility_id)
    db.write(reader_languages.add, newcomer, "es")
    before = here.send(body=FINNISH).id
    db.write(staff.assign, newcomer.account_id, here.facility_id, Role.REVIEWER)
    after = here.send(body=FINNISH).id
    with db.reading() as session:
        assert [session.get_one(Message, one).language for one in (before, after)] == ["", "fi"]
