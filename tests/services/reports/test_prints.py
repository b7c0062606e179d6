"""PDFs of reports: asked for, made by the job with its progress told, and kept for a day."""

from datetime import timedelta
from hashlib import sha256

import pytest
from sqlmodel import col, select

from rxconnect import db, live
from rxconnect.documents.paper import CannotPrint
from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotAllowed, NotFound, Throttled
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import AuditRow
from rxconnect.services.audit import verification
from rxconnect.services.audit.recording import record
from rxconnect.services.reports import prints
from tests.services.scheduling.running import run_job


@pytest.fixture
def place(facility):
    return facility(key="alder")


@pytest.fixture
def auditor(actor, place):
    return actor(role=Role.AUDITOR, facility_id=place)


def make(text=b"%PDF"):
    return run_job(lambda *after: prints.make_due(lambda _asked, _figures: text, *after))


def lines(who, place):
    return db.read(prints.lines, who, place)


def test_a_pdf_is_made_and_can_be_downloaded_by_who_may(auditor, actor, facility, place):
    db.write(prints.ask, auditor, place, "2026-02")
    (line,) = lines(auditor, place)
    assert (line.title, line.share, line.is_ready) == ("February 2026", 0, False)
    with pytest.raises(NotFound):
        db.write(prints.download, auditor, line.id)
    assert (make(), make()) == (1, 0)
    assert lines(auditor, place)[0].is_ready
    printed = db.write(prints.download, auditor, line.id)
    assert (printed.name, printed.pdf) == ("alder-2026-02", b"%PDF")
    for role, where in ((Role.REVIEWER, place), (Role.ADMINISTRATOR, facility())):
        with pytest.raises(NotFound):
            db.write(prints.download, actor(role=role, facility_id=where), line.id)
        with pytest.raises(NotAllowed):
            lines(actor(role=role, facility_id=where), place)


def test_the_hash_of_what_was_downloaded_is_recorded(auditor, place):
    db.write(prints.ask, auditor, place, "2026-02")
    make(b"%PDF-1.7")
    db.write(prints.download, auditor, lines(auditor, place)[0].id)
    with db.reading() as session:
        rows = session.exec(select(AuditRow).order_by(col(AuditRow.sequence))).all()
    assert [row.kind for row in rows[-2:]] == ["report asked", "report exported"]
    assert sha256(b"%PDF-1.7").hexdigest() in rows[-1].details
    assert f"{rows[-2].sequence}:{rows[-2].hash}" in rows[-1].details


def test_a_pdf_that_is_made_hours_later_names_the_moment_and_the_head_of_what_it_counts(auditor, place):
    db.write(prints.ask, auditor, place, "2026-02")
    made = []
    with clock.at(clock.now() + timedelta(hours=4)):
        db.write(record, auditor, place, AuditKind.QUEUE_SHOWN)
        prints.make_due(lambda asked, figures: made.append((asked, figures)) or b"%PDF")
        now = dates.day_and_time(clock.now(), "America/New_York")
    ((asked, figures),) = made
    with db.reading() as session:
        assert (figures.as_of, asked.head) == (now, verification.head(session, place))
    db.write(prints.download, auditor, lines(auditor, place)[0].id)
    with db.reading() as session:
        *_before, downloaded = session.exec(select(AuditRow).order_by(col(AuditRow.sequence)))
    assert str(asked.head) in downloaded.details


def test_open_pages_are_told_how_far_it_is(auditor, place):
    shares = []
    live.listen(live.address_of(Topic(Subject.REPORTS, place)), lambda: shares.append(lines(auditor, place)[0].share))
    db.write(prints.ask, auditor, place, "2025")
    make()
    assert shares == sorted(shares)
    assert (shares[0], len(shares)) == (0, 14)
    assert lines(auditor, place)[0].is_ready


def test_a_server_that_cannot_print_says_so_and_does_not_try_for_ever(auditor, place):
    def broken(_asked, _figures):
        raise CannotPrint("no Pango")

    db.write(prints.ask, auditor, place, "2026-02")
    (error,) = prints.make_due(broken).errors
    assert isinstance(error, CannotPrint)
    assert lines(auditor, place)[0].is_failed
    assert make() == 0


def test_a_pdf_is_kept_for_a_day(auditor, place):
    db.write(prints.ask, auditor, place, "2026-02")
    make()
    assert run_job(prints.clear_old) == 0
    with clock.at(clock.now() + timedelta(hours=25)):
        assert run_job(prints.clear_old) == 1
    assert lines(auditor, place) == []


def test_nobody_orders_pdfs_without_end(auditor, place):
    for _ in range(20):
        db.write(prints.ask, auditor, place, "2026-02")
    with pytest.raises(Throttled):
        db.write(prints.ask, auditor, place, "2026-02")
