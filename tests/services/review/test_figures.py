"""The desk's figures: today's and each day's, from committed decisions, in both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.figures import TimesToday
from rxconnect.domain.messages import Reason
from rxconnect.models import ScreeningRule
from rxconnect.services.review import figures, review
from tests.services.screening.ruling import switch_on, words

NOON = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)  # one in the afternoon in New York


@pytest.fixture(params=["sqlite", "postgresql"])
def writer(request, database, use, pair):
    use(request.param)
    return pair(credits=40, facility_fields={"promised_hours": 4})


def decided(writer, at, hours, reason=None):
    """A letter that was decided at a time, after so many hours."""
    with clock.at(at - timedelta(hours=hours)):
        message_id = writer.send().id
    with clock.at(at):
        if reason:
            db.write(review.reject, writer.reviewer, message_id, reason)
        else:
            db.write(review.approve, writer.reviewer, message_id)


def test_today_counts_what_waits_and_how_long_decisions_took(writer):
    for hours in (1, 2, 3):
        decided(writer, NOON, hours)
    decided(writer, NOON, 6, Reason.THREAT)
    decided(writer, NOON - timedelta(days=1), 20)
    for hours in (1, 5):
        with clock.at(NOON - timedelta(hours=hours)):
            writer.send()
    with clock.at(NOON):
        today = db.read(figures.today, writer.reviewer, writer.facility_id)
    assert (today.waiting, today.overdue, today.decided, today.rejected) == (2, 1, 4, 1)
    assert (today.median, today.p95) == ("2 hours", "6 hours")


def test_the_times_above_the_desk_are_those_of_letters_decided_today(writer):
    with clock.at(NOON):
        assert db.read(figures.times_today, writer.reviewer) == TimesToday("", "")
    for hours in (1, 2, 6):
        decided(writer, NOON, hours)
    decided(writer, NOON - timedelta(days=1), 20)
    with clock.at(NOON):
        for facility_id in (0, writer.facility_id):
            times = db.read(figures.times_today, writer.reviewer, facility_id)
            assert times == TimesToday("2 hours", "6 hours")


def test_the_times_of_another_facility_are_not_told(writer, facility):
    with pytest.raises(NotFound):
        db.read(figures.times_today, writer.reviewer, facility())


def test_a_day_is_the_facilitys_own(writer):
    late = datetime(2026, 3, 10, 3, 30, tzinfo=UTC)  # half past eleven in the evening of the 9th in New York
    for at in (late, late, NOON):
        decided(writer, at, 1)
    decided(writer, NOON, 1, Reason.CODED)
    with clock.at(NOON + timedelta(hours=1)):
        by = {
            key: [
                (one.day, one.label, one.count)
                for one in db.read(figures.by_day, writer.reviewer, writer.facility_id, key)
            ]
            for key in ("queue", "outcome", "reason", "held_for")
        }
    assert by["queue"] == [("2026-03-09", "Letters", 2), ("2026-03-10", "Letters", 2)]
    assert by["reason"] == [("2026-03-10", "Coded language", 1)]
    assert by["outcome"] == [
        ("2026-03-09", "Approved", 2),
        ("2026-03-10", "Approved", 1),
        ("2026-03-10", "Rejected", 1),
    ]
    assert by["held_for"][0] == ("2026-03-09", "Every letter is read here", 2)


def test_older_days_are_left_out(writer):
    decided(writer, NOON - timedelta(days=91), 1)
    with clock.at(NOON):
        assert db.read(figures.by_day, writer.reviewer, writer.facility_id, "queue") == []
        assert db.read(figures.today, writer.reviewer, writer.facility_id).median == ""


def test_nobody_elses_figures(writer, pair):
    with pytest.raises(NotFound):
        db.read(figures.today, writer.reviewer, pair().facility_id)
    with pytest.raises(NotFound):
        db.read(figures.by_day, writer.reviewer, writer.facility_id, "body")
    with pytest.raises(NotAllowed):
        db.read(figures.by_day, writer.family, writer.facility_id, "queue")


def test_a_letter_counts_for_each_rule_of_the_facility_that_found_something_in_it(writer, actor, facility):
    administrator = actor(role=Role.ADMINISTRATOR, facility_id=writer.facility_id)
    switch_on(administrator, writer.facility_id, words("cash", name="Money"))
    switch_on(administrator, writer.facility_id, words("river", name="Places"))
    for body in ("Bring cash, cash.", "Cash at the river.", "We miss you."):
        message = writer.send(body=body)
        db.write(review.approve, writer.reviewer, message.id)
    counted = db.read(figures.by_day, writer.reviewer, writer.facility_id, "rule")
    assert {day.label: day.count for day in counted} == {"Money": 2, "Places": 1}
    elsewhere = facility()
    with db.transaction() as session:
        # The letter has followed its person to this facility.
        (one, _other) = session.exec(select(ScreeningRule).order_by(col(ScreeningRule.id))).all()
        one.facility_id = elsewhere
    counted = db.read(figures.by_day, writer.reviewer, writer.facility_id, "rule")
    assert {day.label: day.count for day in counted} == {"Places": 1}
