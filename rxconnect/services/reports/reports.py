"""A report: it is asked for and recorded in one short transaction, and then counted in a snapshot of the database.

Counting takes seconds for a large facility, and on SQLite a transaction that writes would stop everybody for as long.
"""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.audit_chain import Head
from rxconnect.domain.errors import NotAllowed
from rxconnect.domain.report_periods import ReportPeriod
from rxconnect.domain.reports import AskedReport, PeriodPart, ReportFigures
from rxconnect.models import Facility
from rxconnect.models.sorting import by_name
from rxconnect.services.audit import verification
from rxconnect.services.audit.recording import Act, record_acts, write_rows
from rxconnect.services.reports import counting
from rxconnect.services.reports.counting import Progress


def ask(
    session: Session,
    actor: Actor,
    facility_id: int | None,
    period: str,
    kind: AuditKind = AuditKind.REPORT_SHOWN,
    form: str = "",
) -> AskedReport:
    """Ask for the report of one of the actor's facilities, by default the first, and record it. Raises `NotAllowed`."""
    row = facility(session, actor, facility_id)
    assert row.id is not None
    found = ReportPeriod.parse(period, clock.now().astimezone(ZoneInfo(row.time_zone)).date())
    details = {"period": found.text} | ({"form": form} if form else {})
    record_acts(session, actor, [Act(row.id, kind, details=details)])
    write_rows(session)
    return asked(row, found, verification.head(session, row.id), clock.now())


def asked(row: Facility, period: ReportPeriod, head: Head, at: datetime) -> AskedReport:
    """A report of a facility that was asked for at this moment."""
    assert row.id is not None
    times = row.promised_hours, row.expires_after_days
    return AskedReport(row.id, row.key, row.name, row.time_zone, *times, period, head, at)


def no_progress(_done: int) -> None:
    """Tell nobody."""


def figures(report: AskedReport, progress: Progress = no_progress) -> ReportFigures:
    """Count what was asked for, in one snapshot. Calls `progress` with the number of finished parts."""
    found = ReportFigures(
        facility_id=report.facility_id,
        facility=report.facility,
        zone=report.zone,
        promised_hours=report.promised_hours,
        period=report.period,
        as_of=dates.day_and_time(report.at, report.zone),
        parts=[PeriodPart(begins, ends) for begins, ends in pairwise(report.period.edges())],
    )
    with db.reading() as session:
        counting.count(session, found, report.spans, progress)
    return found


def facility(session: Session, actor: Actor, facility_id: int | None) -> Facility:
    """One of the facilities whose reports the actor may see, by default the first. Raises `NotAllowed`."""
    allowed = actor.facilities(Permission.SEE_REPORTS)
    if not allowed or facility_id not in (None, *allowed):
        raise NotAllowed
    return session.get_one(Facility, facility_id or allowed[0])


def facilities(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """The facilities whose reports the actor may see, sorted by name."""
    allowed = actor.facilities(Permission.SEE_REPORTS)
    rows = session.exec(select(Facility).where(col(Facility.id).in_(allowed)).order_by(by_name(Facility.name)))
    return [(row.id or 0, row.name) for row in rows]
