"""Verifications: whether an account counts as a lawyer at a facility now, and so the lane of a new letter."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.domain.lawyers import LawyerState
from rxconnect.domain.messages import Lane
from rxconnect.models import Lawyer


def is_verified(account_id: Any, facility_id: Any) -> ColumnElement[bool]:
    """The condition for an account, an id or a column, that a facility has verified as a lawyer until now or longer."""
    return exists().where(
        col(Lawyer.account_id) == account_id,
        col(Lawyer.facility_id) == facility_id,
        col(Lawyer.state) == LawyerState.VERIFIED,
        col(Lawyer.ends_at) > clock.now(),
    )


def lane_of(session: Session, account_id: int, facility_id: int) -> Lane:
    """The lane of a letter that the account would write to somebody at the facility, or get from them, now."""
    return Lane.PRIVILEGED if _verification(session, account_id, facility_id) else Lane.ORDINARY


def lane_at_send(session: Session, account_id: int, facility_id: int) -> Lane:
    """As `lane_of`; until the transaction ends, nobody can end the verification on which it rests."""
    found = _verification(session, account_id, facility_id, is_locked=True)
    return Lane.PRIVILEGED if found else Lane.ORDINARY


def has_ended(session: Session, account_id: int, facility_id: int) -> bool:
    """Whether the account was verified at the facility before, and is not any more."""
    rows = select(Lawyer.state).where(
        Lawyer.account_id == account_id, Lawyer.facility_id == facility_id, col(Lawyer.ends_at).is_not(None)
    )
    return bool(session.exec(rows.limit(1)).first()) and _verification(session, account_id, facility_id) is None


def _verification(session: Session, account_id: int, facility_id: int, *, is_locked: bool = False) -> Lawyer | None:
    holds = select(Lawyer).where(
        Lawyer.account_id == account_id,
        Lawyer.facility_id == facility_id,
        Lawyer.state == LawyerState.VERIFIED,
        col(Lawyer.ends_at) > clock.now(),
    )
    return session.exec(holds.with_for_update(read=True) if is_locked else holds).first()
