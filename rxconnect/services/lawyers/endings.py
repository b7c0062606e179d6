"""Endings: a verification whose last day is over. Letters are ordinary from that moment; a job tells the lawyer."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.lawyers import LawyerState
from rxconnect.models import Lawyer
from rxconnect.services.lawyers import lawyer_emails
from rxconnect.services.scheduling.batches import Batch

_BATCH = 50


def tell_ended(after: int = 0) -> Batch:
    """Email one batch of lawyers whose verification has ended, each once."""
    return Batch.of_page(db.read(_due, after), _BATCH, lambda lawyer_id: db.write(_tell, lawyer_id))


def _due(session: Session, after: int) -> list[int]:
    due = select(Lawyer.id).where(_has_ended(), col(Lawyer.id) > after).order_by(col(Lawyer.id)).limit(_BATCH)
    return [one for one in session.exec(due) if one is not None]


def _has_ended() -> ColumnElement[bool]:
    return and_(col(Lawyer.state) == LawyerState.VERIFIED, col(Lawyer.ends_at) <= clock.now())


def _tell(session: Session, lawyer_id: int) -> bool:
    due = select(Lawyer).where(Lawyer.id == lawyer_id, _has_ended())
    row = session.exec(due.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return False
    row.state = LawyerState.ENDED
    lawyer_emails.tell(session, row)
    return True
