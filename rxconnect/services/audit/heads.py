"""Heads: the end of each chain is kept once a day and mailed to the auditors, so that it lies outside of the database."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session, col, select

from rxconnect import db, i18n
from rxconnect.domain import clock
from rxconnect.domain.audit_chain import Head
from rxconnect.i18n import _, number_text
from rxconnect.models import AuditChain, AuditHead, Facility
from rxconnect.services.audit.auditors import auditors
from rxconnect.services.notices import emails
from rxconnect.services.scheduling.batches import Batch

_BATCH = 50


def keep_due(after: int = 0) -> Batch:
    """Keep and mail the head of each chain that has grown since its last head, once a day (UTC)."""
    return Batch.of_page(db.read(_due, after), _BATCH, lambda facility_id: db.write(_keep, facility_id))


def _due(session: Session, after: int) -> list[int]:
    chains = select(AuditChain.facility_id).where(
        col(AuditChain.headed_on) < clock.now().date(), col(AuditChain.facility_id) > after
    )
    return list(session.exec(chains.order_by(col(AuditChain.facility_id)).limit(_BATCH)).all())


def _keep(session: Session, facility_id: int) -> bool:
    """Keep the head of a chain, and mail it. False if another worker does, or nothing was recorded."""
    today = clock.now().date()
    due = select(AuditChain).where(AuditChain.facility_id == facility_id, col(AuditChain.headed_on) < today)
    chain = session.exec(due.with_for_update(skip_locked=True)).one_or_none()
    if chain is None:
        return False
    chain.headed_on = today
    if chain.sequence == chain.headed_sequence:
        return False
    chain.headed_sequence, day = chain.sequence, today - timedelta(days=1)
    session.add(AuditHead(facility_id=facility_id, day=day, sequence=chain.sequence, hash=chain.hash))
    _mail(session, session.get_one(Facility, facility_id), day, Head(chain.sequence, chain.hash))
    return True


def _mail(session: Session, facility: Facility, day: date, head: Head) -> None:
    """Mail a head to the facility's auditors, or to its administrators if it has none."""
    assert facility.id is not None
    for reader in auditors(session, facility.id):
        with i18n.using_language(reader.language):
            emails.queue(session, reader.email, *head_email(facility, day, head))


def head_email(facility: Facility, day: date, head: Head) -> tuple[str, str]:
    """Subject and body of the email with a day's head."""
    return _("The audit of {facility} on {day}").format(facility=facility.name, day=day.isoformat()), (
        _(
            "Hello,\n\n"
            "Until the end of {day} (UTC), {count} acts of staff were recorded at {facility}. This is the head of the "
            "chain:\n\n"
            "{head}\n\n"
            "Please keep this email. It proves every act up to this one: an operator can check at any time that nothing "
            "of it was changed or removed, with\n\n"
            "rxconnect audit verify --facility {key} --head {head}"
        ).format(
            day=day.isoformat(),
            count=number_text(head.sequence),
            facility=facility.name,
            head=str(head),
            key=facility.key,
        )
    )
