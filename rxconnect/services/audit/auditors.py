"""Auditors and administrators: the people of a facility who are told what must not stay among those who did it."""

from __future__ import annotations

from sqlmodel import Session, col, select

from rxconnect.domain.accounts import Role
from rxconnect.models import Account, StaffPost


def auditors(session: Session, facility_id: int) -> list[Account]:
    """The facility's auditors, or its administrators if it has none."""
    return _at_work(session, facility_id, Role.AUDITOR) or _at_work(session, facility_id, Role.ADMINISTRATOR)


def auditors_and_administrators(session: Session, facility_id: int) -> list[Account]:
    """All of both."""
    return _at_work(session, facility_id, Role.AUDITOR, Role.ADMINISTRATOR)


def _at_work(session: Session, facility_id: int, *roles: Role) -> list[Account]:
    at_work = select(Account).join(StaffPost, col(StaffPost.account_id) == Account.id)
    here = (StaffPost.facility_id == facility_id, col(StaffPost.role).in_(roles), col(StaffPost.suspended_at).is_(None))
    return list(session.exec(at_work.where(*here).order_by(col(Account.id))).all())
