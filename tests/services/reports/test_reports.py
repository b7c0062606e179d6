"""What a report counts at a facility, in both databases, and what it leaves out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotAllowed
from rxconnect.domain.messages import Lane, Reason
from rxconnect.domain.report_views import report_view
from rxconnect.domain.review import Outcome
from rxconnect.models import AuditRow, Decision, Message
from rxconnect.services.audit import verification
from rxconnect.services.messages import withdrawals
from rxconnect.services.reports import prints, public_records, reports
from rxconnect.services.review import appeals, review
from tests import people
from tests.services.scheduling.running import run_job

NOON = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)  # a Tuesday, one in the afternoon in New York


@pytest.fixture(params=["sqlite", "postgresql"])
def writer(request, database, use, pair):
    use(request.param)
    return pair(credits=60, facility_fields={"promised_hours": 4, "time_zone": "America/New_York"})


@pytest.fixture
def auditor(writer):
    with db.transaction() as session:
        return people.add(session, "ruth@example.org", "Ruth Okafor", Role.AUDITOR, writer.facility_id)


def sent(writer, at=NOON):
    with clock.at(at):
        return writer.send().id


def decided(writer, at, minutes, reason=None):
    """A letter that was decided after so many minutes."""
    message_id = sent(writer, at)
    with clock.at(at + timedelta(minutes=minutes)):
        if reason:
            db.write(review.reject, writer.reviewer, message_id, reason)
        else:
            db.write(review.approve, writer.reviewer, message_id)
    return message_id


def appealed(writer, message_id, outcome, at=NOON + timedelta(days=1)):
    """Appeal a rejection; another reviewer decides."""
    with db.transaction() as session:
        other = people.add(session, f"other-{message_id}@example.org", "Noor Haddad", Role.REVIEWER, writer.facility_id)
    with clock.at(at):
        db.write(appeals.appeal, writer.family, message_id, "It is a recipe.")
        db.write(review.decide_appeal, other, message_id, outcome, "It is one.")


def counted(actor, period="2026-03", at=NOON + timedelta(days=10)):
    with clock.at(at):
        return reports.figures(db.write(reports.ask, actor, None, period))


def test_letters_are_counted_by_the_week_in_which_they_were_sent_and_by_what_became_of_them(writer, auditor):
    delivered, withdrawn = decided(writer, NOON, 30), sent(writer, NOON)
    with clock.at(NOON + timedelta(hours=1)):
        db.write(review.deliver, writer.reviewer, delivered)
        db.write(withdrawals.withdraw, writer.family, withdrawn)
    decided(writer, NOON - timedelta(days=7), 30, Reason.CODED)
    sent(writer, NOON)
    sent(writer, NOON - timedelta(days=30))
    figures = counted(auditor)
    assert [dict(part.letters) for part in figures.parts][:3] == [
        {},
        {"rejected": 1},
        {"delivered": 1, "withdrawn": 1, "in review": 1},
    ]
    view = report_view(figures)
    assert (view.letters[-1].sent, view.letters[-1].fates) == ("4", ["1", "0", "1", "1", "1", "0", "0"])
    assert [line.name for line in view.letters[:2]] == ["Week of Mar 1", "Week of Mar 2"]


def test_times_are_those_of_decisions_in_the_period_and_shares_of_the_promise(writer, auditor):
    for minutes in (30, 61, 300):
        decided(writer, NOON, minutes)
    decided(writer, NOON - timedelta(days=40), 10)
    view = report_view(counted(auditor))
    assert (view.promised, view.times[-1].decided) == ("4 hours", "3")
    assert (view.times[-1].median, view.times[-1].p95, view.times[-1].within) == ("1 hour", "5 hours", "66.7 %")
    assert view.times[0].median == "–"


def test_a_week_ends_at_midnight_of_the_facility(writer, auditor):
    # A quarter to midnight on Sunday the 8th, and a quarter past on Monday, in New York after its clocks changed.
    for minutes in (-15, 15):
        sent(writer, datetime(2026, 3, 9, 4, 0, tzinfo=UTC) + timedelta(minutes=minutes))
    assert [part.letters.total() for part in counted(auditor).parts][1:3] == [1, 1]


def test_a_rejection_that_an_appeal_overturned_stands_beside_the_decisions(writer, auditor):
    for outcome in (Outcome.OVERTURNED, Outcome.UPHELD):
        appealed(writer, decided(writer, NOON, 30, Reason.CODED), outcome)
    decided(writer, NOON, 30)
    figures = counted(auditor)
    assert dict(figures.reasons) == {"coded language": 2}
    assert dict(figures.appeals) == {"overturned": 1, "upheld": 1}
    robin = next(one for one in figures.staff if one.name == "Robin Reed")
    assert (robin.decided, robin.rejected, robin.appealed, robin.overturned) == (3, 2, 2, 1)
    assert sum(one.appeals_decided for one in figures.staff) == 2


def test_nothing_of_the_privileged_lane_is_counted(writer, auditor):
    decided(writer, NOON, 30)
    appealed(writer, decided(writer, NOON, 30, Reason.THREAT), Outcome.OVERTURNED)
    with db.transaction() as session:
        for message in session.exec(select(Message)):
            message.lane = Lane.PRIVILEGED
    figures = counted(auditor)
    assert (figures.total.letters.total(), figures.total.decided, figures.staff) == (0, 0, [])
    assert (dict(figures.reasons), dict(figures.appeals)) == ({}, {})
    with clock.at(NOON + timedelta(days=60)):
        assert list(public_records.redacted_letters(db.write(reports.ask, auditor, None, "2026-03"))) == []


def test_public_records_have_a_line_for_each_letter_and_no_number_twice(writer, auditor):
    letters = [decided(writer, NOON, 30) for _ in range(5)]
    appealed(writer, decided(writer, NOON, 30, Reason.THREAT), Outcome.OVERTURNED)
    with clock.at(NOON + timedelta(days=60)):
        asked = [db.write(reports.ask, auditor, None, period) for period in ("2026-03", "2026-03-09..2026-03-09")]
    lines = [list(public_records.redacted_letters(one)) for one in asked]
    numbers = [line.letter for line in (*lines[0], *lines[1])]
    assert len(set(numbers)) == len(numbers) == 2 * (len(letters) + 1)
    assert sorted(line.facts for line in lines[0]) == sorted(line.facts for line in lines[1])
    facts = [line.facts for line in lines[0]]
    assert facts.count(("approved", "staff", "0 to 4", "yes", "", "")) == 5
    # March was over 29 days before, and letters wait up to 30 days.
    with clock.at(NOON + timedelta(days=51)):
        assert list(public_records.redacted_letters(db.write(reports.ask, auditor, None, "2026-03"))) == []
    assert facts.count(("approved", "staff", "withheld", "withheld", "withheld", "withheld")) == 1


def test_a_decision_of_another_facility_is_not_in_public_records(writer, auditor, facility):
    decided(writer, NOON, 30)
    elsewhere = facility()
    with db.transaction() as session:
        session.exec(select(Decision)).one().facility_id = elsewhere
    with clock.at(NOON + timedelta(days=60)):
        (line,) = public_records.redacted_letters(db.write(reports.ask, auditor, None, "2026-03"))
    assert line.facts.decided_by == "rules"


def test_a_report_is_recorded_and_its_head_proves_that(writer, auditor):
    with clock.at(NOON):
        report = db.write(reports.ask, auditor, writer.facility_id, "2026-Q1", AuditKind.RECORDS_EXPORTED)
    with db.reading() as session:
        row = session.exec(select(AuditRow).order_by(col(AuditRow.sequence).desc())).first()
        found = verification.verify_chain(session, writer.facility_id, report.head)
    assert (row.kind, row.details, row.account_id) == (
        "records exported", '{"period":"2026-Q1"}', auditor.account_id,
    )  # fmt: skip
    assert (found.first_broken, found.proven) == (None, row.sequence)


def test_a_pdf_is_kept_as_it_was_printed(writer, auditor):
    db.write(prints.ask, auditor, writer.facility_id, "2026-03")
    assert run_job(lambda *after: prints.make_due(lambda _asked, _figures: bytes(range(256)), *after)) == 1
    (line,) = db.read(prints.lines, auditor, writer.facility_id)
    assert db.write(prints.download, auditor, line.id).pdf == bytes(range(256))


def test_only_administrators_and_auditors_of_the_facility_may_ask(writer, auditor):
    elsewhere = writer.facility_id + 1
    with pytest.raises(NotAllowed):
        db.write(reports.ask, auditor, elsewhere, "2026")
    with pytest.raises(NotAllowed):
        db.write(reports.ask, writer.reviewer, writer.facility_id, "2026")
    with pytest.raises(NotAllowed):
        db.write(reports.ask, writer.family, writer.facility_id, "2026")
