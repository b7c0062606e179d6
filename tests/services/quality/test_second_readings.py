"""Second readings in both databases: drawn at the commit, read by somebody else, and nothing changes for the family."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import col, func, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import Invalid, NotAllowed, NotClaimed
from rxconnect.domain.messages import Lane, MessageStatus, Reason
from rxconnect.domain.review import Outcome
from rxconnect.models import AuditRow, Decision, Message, ReadingDebt, SecondReading, StaffLanguage
from rxconnect.services.audit import verification
from rxconnect.services.quality import second_readings
from rxconnect.services.review import appeals, claims, decisions, letters, review
from tests.services.quality.desks import colleague, decided, read_again, set_shares
from tests.services.review.desks import commit, decide, later
from tests.services.review.test_races import at_once


@pytest.fixture(params=["sqlite", "postgresql"])
def writer(request, database, use, pair):
    use(request.param)
    made = pair(credits=60)
    set_shares(made.facility_id)
    return made


def rows(*where):
    with db.reading() as session:
        return list(session.exec(select(SecondReading).where(*where).order_by(col(SecondReading.id))))


def test_a_letter_is_drawn_when_its_decision_takes_effect_and_not_before(writer):
    message_id = writer.send().id
    decide(writer.reviewer, message_id)
    assert commit(seconds=9) == 0
    assert rows() == []
    assert commit() == 1
    (row,) = rows()
    assert (row.message_id, row.facility_id, row.read_by) == (message_id, writer.facility_id, None)


def test_a_decision_that_was_undone_or_overtaken_is_never_drawn(writer):
    undone = decide(writer.reviewer, writer.send().id)
    db.write(decisions.undo, writer.reviewer, undone.id)
    commit()
    assert rows() == []


def test_the_draw_follows_from_the_audit_so_an_auditor_can_check_it(writer):
    set_shares(writer.facility_id, share=30)
    for _each in range(20):
        decided(writer)
    with db.reading() as session:
        committed = session.exec(select(AuditRow).where(AuditRow.kind == "decision took effect")).all()
        assert verification.verify_chain(session, writer.facility_id).first_broken is None
    expected = {row.message_id for row in committed if int(row.hash[:12], 16) % 10_000 < 3_000}
    assert {row.message_id for row in rows()} == expected
    assert 0 < len(expected) < 20


def test_each_foreign_language_gets_its_share(writer):
    set_shares(writer.facility_id, share=0, foreign=50)
    for language in ("es", "fi", "en", ""):
        for _each in range(4):
            message_id = writer.send().id
            decision = decide(writer.reviewer, message_id)
            with db.transaction() as session:
                session.get_one(Decision, decision.id).language = language
            commit()
    with db.reading() as session:
        joined = select(Decision.language, func.count()).join(SecondReading).group_by(Decision.language)
        drawn = dict(session.exec(joined).all())
        assert {debt.language for debt in session.exec(select(ReadingDebt))} == {"es", "fi"}
    assert set(drawn) == {"es", "fi"}
    assert min(drawn.values()) >= 2


def test_the_first_reader_never_reads_it_again_whatever_they_try(writer, actor):
    decided(writer)
    other = colleague(actor, writer)
    reading_id = rows()[0].id
    assert db.write(second_readings.open_next, writer.reviewer) is None
    assert db.read(second_readings.counts, writer.reviewer).waiting == 0
    with db.transaction() as session:
        session.get_one(SecondReading, reading_id).claimed_by = writer.reviewer.account_id
    for service, args in ((second_readings.give, (Outcome.APPROVED,)), (second_readings.leave, ())):
        with pytest.raises(NotClaimed):
            db.write(service, writer.reviewer, reading_id, *args)
    with db.transaction() as session:
        session.get_one(SecondReading, reading_id).claimed_by = None
    assert db.write(second_readings.open_next, other).id == reading_id


def test_whoever_decided_the_appeal_or_undid_a_decision_does_not_read_it_either(writer, actor):
    judge, other = colleague(actor, writer, "Jo Judge"), colleague(actor, writer)
    message_id = decided(writer, Reason.CODED)
    db.write(appeals.appeal, writer.family, message_id, "It is a recipe.")
    db.write(review.decide_appeal, judge, message_id, Outcome.OVERTURNED, "It is.")
    assert len(rows()) == 1
    assert db.write(second_readings.open_next, judge) is None
    second = decide(other, writer.send().id)
    db.write(decisions.undo, other, second.id)
    db.write(claims.release, other, second.message_id)
    decide(writer.reviewer, second.message_id)
    commit()
    assert db.write(second_readings.open_next, other).id == rows()[0].id
    read_again(other)
    assert db.read(second_readings.counts, other).waiting == 0


def test_whoever_saw_the_letter_at_the_desk_at_any_time_does_not_read_it(writer, actor):
    other, third = colleague(actor, writer), colleague(actor, writer, "Toni Third")
    message_id = writer.send().id
    db.write(letters.open_letter, other, message_id)
    db.write(letters.close_letter, other, message_id)
    with later(1):
        decide(writer.reviewer, message_id)
    with later(15):
        commit()
        # Also before anybody decided: what was open then may be open still.
        assert db.read(second_readings.counts, other).waiting == 0
        assert db.read(second_readings.counts, third).waiting == 1
        db.write(letters.open_letter, third, message_id)
        assert db.read(second_readings.counts, third).waiting == 0


def test_a_second_reading_changes_nothing_for_the_family(writer, actor):
    message_id = decided(writer)
    before = asdict(writer.message(message_id)) | {"times_seen": 0}
    read_again(colleague(actor, writer), Outcome.REJECTED, Reason.THREAT)
    after = writer.message(message_id)
    assert asdict(after) | {"times_seen": 0} == before
    assert (after.status, after.times_seen) == (MessageStatus.APPROVED, 1)
    (row,) = rows()
    assert (row.outcome, row.reason) == ("rejected", "threat")


def test_two_readers_never_have_the_same_letter_and_it_lapses(writer, actor):
    decided(writer)
    one, other = colleague(actor, writer), colleague(actor, writer, "Toni Third")
    reading = db.write(second_readings.open_next, one)
    assert db.write(second_readings.open_next, other) is None
    assert db.write(second_readings.open_next, one).id == reading.id
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert db.write(second_readings.open_next, other).id == reading.id
        with pytest.raises(NotClaimed):
            db.write(second_readings.give, one, reading.id, Outcome.APPROVED)
        db.write(second_readings.give, other, reading.id, Outcome.APPROVED)
        with pytest.raises(NotClaimed):
            db.write(second_readings.give, other, reading.id, Outcome.REJECTED, Reason.CODED)


def test_a_letter_that_is_left_waits_for_somebody_else(writer, actor):
    for _each in range(2):
        decided(writer)
    reader = colleague(actor, writer)
    first = db.write(second_readings.open_next, reader)
    db.write(second_readings.leave, reader, first.id)
    second = db.write(second_readings.open_next, reader, without=[first.id])
    assert second.id != first.id
    assert db.write(second_readings.open_next, colleague(actor, writer, "Toni Third")).id == first.id


def test_a_reading_that_is_given_and_left_at_once_is_one_of_both(writer, actor):
    reader = colleague(actor, writer)
    with ThreadPoolExecutor(2) as pool:
        for _ in range(20):
            decided(writer)
            opened = db.write(second_readings.open_next, reader)
            presses = at_once(
                pool,
                partial(db.write, second_readings.give, reader, opened.id, Outcome.APPROVED),
                partial(db.write, second_readings.leave, reader, opened.id),
            )
            assert sorted(presses, key=str) == [None, "NotClaimed"]


def test_a_reader_who_lists_languages_gets_no_others(writer, actor):
    decided(writer)
    with db.transaction() as session:
        session.exec(select(Decision)).one().language = "es"
    reader, spanish = colleague(actor, writer), colleague(actor, writer, "Sol Soto")
    with db.transaction() as session:
        session.add(StaffLanguage(account_id=reader.account_id, language="fi"))
        session.add(StaffLanguage(account_id=spanish.account_id, language="es"))
    assert db.write(second_readings.open_next, reader) is None
    assert db.write(second_readings.open_next, spanish) is not None


def test_a_rejection_needs_a_reason(writer, actor):
    decided(writer)
    reader = colleague(actor, writer)
    reading = db.write(second_readings.open_next, reader)
    with pytest.raises(Invalid):
        db.write(second_readings.give, reader, reading.id, Outcome.REJECTED)


def test_nobody_from_elsewhere_and_no_auditor_reads_a_letter_and_no_privileged_one_is_shown(writer, actor, facility):
    message_id = decided(writer)
    elsewhere = actor(role=Role.REVIEWER, facility_id=facility())
    assert db.write(second_readings.open_next, elsewhere) is None
    with pytest.raises(NotAllowed):
        db.write(second_readings.open_next, colleague(actor, writer, role=Role.AUDITOR))
    with db.transaction() as session:
        session.get_one(Message, message_id).lane = Lane.PRIVILEGED
    assert db.write(second_readings.open_next, colleague(actor, writer)) is None
