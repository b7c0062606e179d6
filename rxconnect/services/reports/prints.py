"""Reports as PDF: asked for on the page, printed by a job, and kept in the database for a day.

So a page never waits for a print, and every machine behind a balancer can hand the file out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete
from sqlmodel import Session, col, select

from rxconnect import db, live
from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotFound
from rxconnect.domain.report_periods import ReportPeriod
from rxconnect.domain.report_views import ReportPrintLine
from rxconnect.domain.reports import AskedReport, ReportFigures
from rxconnect.domain.topics import Subject, Topic
from rxconnect.i18n import using_language
from rxconnect.models import Account, Facility, ReportPrint
from rxconnect.services.accounts import throttle
from rxconnect.services.audit import verification
from rxconnect.services.audit.recording import Act, record_acts
from rxconnect.services.reports import reports
from rxconnect.services.scheduling.batches import Batch

Printer = Callable[[AskedReport, ReportFigures], bytes]

_KEPT_FOR = timedelta(days=1)
_AN_HOUR = 20
_BATCH, _SHOWN = 10, 10
# Progress is told in so many steps.
_STEPS = 20


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF to download. `name` begins its file's name."""

    name: str
    pdf: bytes


def ask(session: Session, actor: Actor, facility_id: int, period: str) -> None:
    """Ask for the PDF of a report. It is made of what the database holds when the job reads it, a moment later.

    Raises `NotAllowed`, and `Throttled` for very many of them.
    """
    report = reports.ask(session, actor, facility_id, period, AuditKind.REPORT_ASKED)
    throttle.count_attempt(session, "report", str(actor.account_id), _AN_HOUR, timedelta(hours=1))
    session.add(
        ReportPrint(
            facility_id=report.facility_id,
            by_account_id=actor.account_id,
            period=report.period.text,
            head=str(report.head),
            # The parts of the period, and then the printing.
            parts=len(report.spans) + 1,
        )
    )
    live.publish(session, Topic(Subject.REPORTS, report.facility_id))


def lines(session: Session, actor: Actor, facility_id: int) -> list[ReportPrintLine]:
    """The newest PDFs of a facility, and those that are being made. Raises `NotAllowed`."""
    zone = reports.facility(session, actor, facility_id).time_zone
    fields = (ReportPrint.id, ReportPrint.period, ReportPrint.asked_at, ReportPrint.done, ReportPrint.parts)
    found = select(*fields, ReportPrint.ended_at, col(ReportPrint.pdf).is_not(None)).where(  # type: ignore[call-overload]
        ReportPrint.facility_id == facility_id
    )
    rows = session.exec(found.order_by(col(ReportPrint.id).desc()).limit(_SHOWN)).all()
    return [
        ReportPrintLine(
            id=print_id,
            title=ReportPeriod.parse(period, asked_at.date()).title,
            asked=dates.day_and_time(asked_at, zone),
            share=100 * done // parts,
            is_ready=is_ready,
            is_failed=ended_at is not None and not is_ready,
        )
        for print_id, period, asked_at, done, parts, ended_at, is_ready in rows
    ]


def download(session: Session, actor: Actor, print_id: int) -> Printed:
    """A PDF that is ready. Its hash is recorded, so that this very file can be recognised later. Raises `NotFound`."""
    row = session.get(ReportPrint, print_id)
    if row is None or row.pdf is None or row.facility_id not in actor.facilities(Permission.SEE_REPORTS):
        raise NotFound("report")
    digest = sha256(row.pdf).hexdigest()
    details = {"period": row.period, "form": "pdf", "head": row.head, "sha256": digest}
    act = Act(row.facility_id, AuditKind.REPORT_EXPORTED, subject=f"report {print_id}", details=details)
    record_acts(session, actor, [act])
    return Printed(f"{session.get_one(Facility, row.facility_id).key}-{row.period}", row.pdf)


def make_due(printer: Printer, after: int = 0) -> Batch:
    """Make the PDFs that were asked for, one after another. `printer` writes a PDF of the figures."""
    due = db.read(_waiting, after)
    batch = Batch(resume_after=due[-1] if len(due) == _BATCH else None)
    batch.each(lambda print_id: _make(printer, print_id), due)
    return batch


def clear_old() -> Batch:
    """Delete the PDFs that are a day old."""
    return Batch(done=db.write(_delete_old))


def _make(printer: Printer, print_id: int) -> bool:
    language, report = db.read(_asked, print_id)

    def tell(done: int) -> None:
        if done * _STEPS // len(report.spans) > (done - 1) * _STEPS // len(report.spans):
            db.write(_update, print_id, done=done)

    with using_language(language):
        figures = reports.figures(report, tell)
        try:
            pdf = printer(report, figures)
        except Exception:
            # It would fail again each second. The page says so, and offers the table.
            db.write(_update, print_id, ended_at=clock.now())
            raise
    return db.write(_update, print_id, pdf=pdf, head=str(report.head), ended_at=clock.now())


def _waiting(session: Session, after: int) -> list[int]:
    waiting = select(ReportPrint.id).where(col(ReportPrint.ended_at).is_(None), col(ReportPrint.id) > after)
    return [one for one in session.exec(waiting.order_by(col(ReportPrint.id)).limit(_BATCH)) if one is not None]


def _asked(session: Session, print_id: int) -> tuple[str, AskedReport]:
    """The report of a print, and the language of whoever asked for it.

    Its moment and its head are those of now: the job may have been killed, and count hours after the request.
    """
    row = session.get_one(ReportPrint, print_id)
    period, head = ReportPeriod.parse(row.period, row.asked_at.date()), verification.head(session, row.facility_id)
    report = reports.asked(session.get_one(Facility, row.facility_id), period, head, clock.now())
    return session.get_one(Account, row.by_account_id).language, report


def _update(session: Session, print_id: int, **values: object) -> bool:
    row = session.get(ReportPrint, print_id)
    if row is None:
        # It took more than a day, and was deleted meanwhile.
        return False
    for name, value in values.items():
        setattr(row, name, value)
    live.publish(session, Topic(Subject.REPORTS, row.facility_id))
    return True


def _delete_old(session: Session) -> int:
    old = delete(ReportPrint).where(col(ReportPrint.asked_at) < clock.now() - _KEPT_FOR)
    return session.exec(old).rowcount
