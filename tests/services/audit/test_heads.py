"""The head of each chain is kept once a day and mailed to the auditors."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.audit_chain import Head
from rxconnect.models import AuditHead, Email
from rxconnect.services.audit import heads, verification
from rxconnect.services.audit.recording import record
from tests.services.scheduling.running import run_job


def kept():
    with db.reading() as session:
        rows = session.exec(select(AuditHead).order_by(AuditHead.facility_id, AuditHead.day)).all()
    return [(row.facility_id, row.sequence) for row in rows]


def mailed():
    with db.reading() as session:
        return [(email.to, email.body) for email in session.exec(select(Email).order_by(col(Email.id)))]


def on_day(days):
    return clock.at(clock.now() + timedelta(days=days))


@pytest.fixture
def place(facility):
    return facility(name="Alder County Jail", key="alder")


def test_the_head_of_a_day_is_kept_and_mailed_to_the_auditors_once(place, actor):
    auditor = actor(role=Role.AUDITOR, facility_id=place)
    actor(role=Role.ADMINISTRATOR, facility_id=place)
    assert run_job(heads.keep_due) == 0
    with on_day(1):
        assert run_job(heads.keep_due) == 1
        assert run_job(heads.keep_due) == 0
    assert kept() == [(place, 2)]
    ((to, body),) = mailed()
    (end,) = db.read(verification.ends)
    assert to == auditor.email
    assert f"--facility alder --head {end.head}" in body
    assert "2 acts of staff were recorded at Alder County Jail" in body
    with db.reading() as session:
        assert verification.verify_chain(session, place, end.head).proven == 2


def test_a_day_without_an_act_has_no_head(place, actor):
    auditor = actor(role=Role.AUDITOR, facility_id=place)
    for days in (1, 2, 3):
        with on_day(days):
            run_job(heads.keep_due)
    assert kept() == [(place, 1)]
    with on_day(3):
        db.write(record, auditor, place, AuditKind.AUDIT_SHOWN)
    with on_day(4):
        run_job(heads.keep_due)
    assert kept() == [(place, 1), (place, 2)]


def test_without_an_auditor_the_administrators_get_it(place, actor):
    administrator = actor(role=Role.ADMINISTRATOR, facility_id=place)
    actor(role=Role.REVIEWER, facility_id=place)
    with on_day(1):
        run_job(heads.keep_due)
    assert [to for to, _body in mailed()] == [administrator.email]


def test_the_kept_heads_are_checked_too(place, actor):
    actor(role=Role.AUDITOR, facility_id=place)
    with db.transaction() as session:
        session.add(AuditHead(facility_id=place, day=clock.now().date(), sequence=1, hash="a" * 64))
    with db.reading() as session:
        assert verification.verify_chain(session, place, Head(1, "a" * 64)).first_broken is not None
