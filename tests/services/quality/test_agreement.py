"""The figures of quality in both databases, the readings that disagree, and what an administrator says about them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import DecidedBefore, NotAllowed, NotFound
from rxconnect.domain.messages import Reason
from rxconnect.domain.review import Outcome
from rxconnect.domain.second_readings import Verdict
from rxconnect.models import SecondReading
from rxconnect.services.quality import agreement, disagreements
from rxconnect.services.review import figures
from tests.services.quality.desks import colleague, decided, read_again, set_shares
from tests.services.screening.ruling import switch_on, words


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request, database, use, pair, actor):
    """A writer, a second reader, an administrator and an auditor, where every letter is read again."""
    use(request.param)
    writer = pair(credits=60)
    set_shares(writer.facility_id)
    names = {"Casey Cole": Role.REVIEWER, "Ada Admin": Role.ADMINISTRATOR, "Rae Audit": Role.AUDITOR}
    return writer, *(colleague(actor, writer, name, role) for name, role in names.items())


def disagree(writer, reader):
    decided(writer)
    return read_again(reader, Outcome.REJECTED, Reason.THREAT)


def test_figures_by_reviewer_rule_and_language(desk):
    writer, reader, administrator, auditor = desk
    switch_on(administrator, writer.facility_id, words("cash", name="Money"))
    for number in range(32):
        decided(writer, body="Bring cash." if number < 3 else "We miss you.")
        read_again(reader, *((Outcome.REJECTED, Reason.CODED) if number == 0 else ()))
    decided(writer)
    view = db.write(agreement.quality, auditor)
    assert (view.decided, view.drawn, view.read, view.waiting, view.open) == (33, 33, 32, 1, 1)
    assert (view.is_own, view.total.alike, view.total.beyond_chance) == (False, "31 of 32 letters", "0.96")
    assert [(one.label, one.alike, one.too_few) for one in view.by_rule] == [
        ("Money", "2 of 3 letters", "Too few to say: 3 of at least 30"),
        ("No rule found anything", "29 of 29 letters", "Too few to say: 29 of at least 30"),
    ]
    assert [(one.label, one.alike) for one in view.by_reviewer] == [("Robin Reed", "31 of 32 letters")]
    assert [one.label for one in view.by_language] == ["Not recognised"]


def test_older_readings_are_left_out(desk):
    writer, reader, _administrator, auditor = desk
    disagree(writer, reader)
    with clock.at(clock.now() + timedelta(days=91)):
        view = db.write(agreement.quality, auditor)
    assert (view.drawn, view.total.alike, view.open) == (0, "", 0)


def test_a_reviewer_sees_their_own_letters_alone(desk):
    writer, reader, _administrator, _auditor = desk
    disagree(writer, reader)
    decided(writer, by=reader)
    read_again(writer.reviewer)
    own = db.write(agreement.quality, reader)
    assert (own.is_own, own.total.alike, [one.label for one in own.by_reviewer]) == (
        True,
        "1 of 1 letter",
        ["Casey Cole"],
    )
    assert db.write(agreement.quality, writer.reviewer).total.alike == "0 of 1 letter"


def test_a_reviewer_is_told_the_same_after_a_reading_that_agrees_and_one_that_does_not(desk):
    writer, reader, _administrator, _auditor = desk
    decided(writer)
    read_again(reader)
    alike = db.write(agreement.quality, reader)
    with db.transaction() as session:
        row = session.exec(select(SecondReading)).one()
        row.outcome, row.reason = Outcome.REJECTED, Reason.THREAT
    assert db.write(agreement.quality, reader) == alike


@pytest.mark.parametrize(
    ("verdict", "missed"), [(Verdict.FIRST, "Casey Cole"), (Verdict.SECOND, "Robin Reed"), (Verdict.EITHER, "")]
)
def test_a_reading_that_was_wrong_is_a_miss_of_its_reader(desk, verdict, missed):
    writer, reader, administrator, auditor = desk
    reading_id = disagree(writer, reader)
    (line,) = db.write(disagreements.page, administrator).lines
    assert (line.first.by, line.first.outcome, line.second.by, line.second.outcome, line.second.reason) == (
        ("Robin Reed", "approved", "Casey Cole", "rejected", "Threat")
    )
    db.write(disagreements.judge, administrator, reading_id, verdict)
    view = db.write(agreement.quality, auditor)
    assert {one.label: one.misses for one in view.by_reviewer if one.misses} == ({missed: 1} if missed else {})
    assert (view.open, view.total.misses) == (0, int(bool(missed)))
    assert db.read(figures.times_today, administrator).misses == view.total.misses
    assert db.read(figures.today, administrator, writer.facility_id).misses == view.total.misses
    (line,) = db.write(disagreements.page, administrator).lines
    assert (line.judged, line.judged_by) == (verdict.label, "Ada Admin")


def test_nobody_judges_a_reading_of_their_own(desk, actor):
    writer, _reader, administrator, _auditor = desk
    reading_id = disagree(writer, administrator)
    assert not db.write(disagreements.open_one, administrator, reading_id).line.may_judge
    with pytest.raises(DecidedBefore):
        db.write(disagreements.judge, administrator, reading_id, Verdict.SECOND)
    db.write(
        disagreements.judge, colleague(actor, writer, "Second Admin", Role.ADMINISTRATOR), reading_id, Verdict.FIRST
    )


def test_only_administrators_see_readings_that_disagree_and_no_others_are_there(desk, actor, facility):
    writer, reader, administrator, auditor = desk
    reading_id = disagree(writer, reader)
    decided(writer)
    agreed = read_again(reader)
    for other in (reader, auditor):
        with pytest.raises(NotAllowed):
            db.write(disagreements.page, other)
        with pytest.raises(NotAllowed):
            db.write(disagreements.judge, other, reading_id, Verdict.FIRST)
    elsewhere = actor(role=Role.ADMINISTRATOR, facility_id=facility())
    for who, which in ((elsewhere, reading_id), (administrator, agreed)):
        with pytest.raises(NotFound):
            db.write(disagreements.judge, who, which, Verdict.FIRST)
    with pytest.raises(NotAllowed):
        db.write(agreement.quality, elsewhere, writer.facility_id)
