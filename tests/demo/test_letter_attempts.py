"""A lawyer's letter, tried as administrator in every way that there is: it stays shut, and the attempts are in the audit."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.demo import breaking, letter_attempts
from rxconnect.demo.letter_ways import WAYS
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.breaking import Answer
from rxconnect.domain.errors import NotAllowed
from rxconnect.models import AuditRow, BreakGlass, DemoBreak, Message
from rxconnect.services.privilege import facts
from rxconnect.services.review import desk
from tests.demo.breaking import outside, room_rows
from tests.demos import join, start, view, world_now

pytestmark = pytest.mark.usefixtures("demos")

ANSWERS = {
    "queue": Answer.NOTHING,
    "seal": Answer.PASSWORD,
    "facts": Answer.FACT,
    "audit": Answer.FACT,
    "export": Answer.FACT,
    "report": Answer.NOTHING,
    "records": Answer.NOTHING,
    "search": Answer.NOTHING,
    "glass": Answer.SECOND_ADMINISTRATOR,
}


def test_every_way_is_refused_or_tells_only_that_there_is_a_letter_and_when():
    trainer = start()
    ben = join(trainer)
    letter_attempts.attempt(trainer)
    (row,) = room_rows(DemoBreak, trainer)
    answers = dict(row.facts["attempts"])
    assert answers == dict.fromkeys(WAYS, Answer.REFUSED) | ANSWERS
    assert row.facts["found"] == 0
    assert row.facts["phrases"] > 15
    assert row.facts["characters"] > 5_000
    page = breaking.page(trainer)
    assert len(page.attempts) == len(WAYS)
    (told,) = view(ben).breaks
    assert told == page.letter
    assert (told.tone, told.sentences[-1]) == ("good", "The letter stays shut.")
    with world_now(trainer).bound(), db.reading() as session:
        (asked,) = session.exec(select(BreakGlass)).all()
        assert asked.state == "declined"
        newest = session.exec(select(AuditRow).order_by(col(AuditRow.sequence).desc()).limit(row.facts["rows"])).all()
    kinds = {one.kind for one in newest}
    assert kinds >= {AuditKind.GLASS_ASKED, AuditKind.AUDIT_SHOWN, AuditKind.AUDIT_EXPORTED, AuditKind.REPORT_SHOWN}


def test_a_border_that_leaks_is_told(monkeypatch):
    trainer = start()
    monkeypatch.setattr(
        desk, "is_letter", lambda actor, _facility_id=0: facts.is_privileged_at((actor.posts[0].facility_id,))
    )
    letter_attempts.attempt(trainer)
    told = breaking.page(trainer).letter
    assert (told.tone, told.sentences[-1]) == ("bad", "The letter was opened, and that is a fault of ours.")


def test_twenty_times_in_a_row_it_stays_shut_and_nothing_outside_has_changed():
    trainer, elsewhere = start(), start(address="192.0.2.9")
    with world_now(trainer).bound(), db.reading() as session:
        letters = session.exec(select(Message)).all()
    before = outside(elsewhere)
    for _ in range(20):
        letter_attempts.attempt(trainer)
    assert Counter(row.facts["found"] for row in room_rows(DemoBreak, trainer)) == {0: 20}
    assert outside(elsewhere) == before
    with world_now(trainer).bound(), db.reading() as session:
        assert session.exec(select(Message)).all() == letters


def test_only_the_trainer_may_try():
    with pytest.raises(NotAllowed):
        letter_attempts.attempt(join(start()))
