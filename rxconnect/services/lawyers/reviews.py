"""Reviews of lawyers: an administrator verifies a lawyer until a day, refuses, or ends a verification early."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from rxconnect import live
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import Invalid, LawyerRequestChanged, NotAllowed, NotFound
from rxconnect.domain.lawyers import LONGEST, LONGEST_YEARS, REFUSAL_MAX, LawyerRegister, LawyerState
from rxconnect.domain.problems import Problem
from rxconnect.domain.text import one_line
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import Account, Facility, Lawyer
from rxconnect.services.audit.recording import record
from rxconnect.services.lawyers import lawyer_emails
from rxconnect.services.lawyers.lawyer_views import state_now, version, view

# How many of those that are over are shown.
_SHOWN = 200


def register(session: Session, actor: Actor) -> LawyerRegister:
    """The lawyers of the actor's facilities: the oldest request first, and otherwise the newest. Raises `NotAllowed`.

    All that wait and all verified ones are there, and the newest of those that are over.
    """
    query: Any = (
        select(Lawyer, Account, Facility)
        .join(Account, col(Account.id) == Lawyer.account_id)
        .join(Facility, col(Facility.id) == Lawyer.facility_id)
        .where(col(Lawyer.facility_id).in_(verifying_at(actor)))
        .order_by(col(Lawyer.id).desc())
    )
    is_over = col(Lawyer.state).in_((LawyerState.REFUSED, LawyerState.ENDED))
    found = (*session.exec(query.where(~is_over)), *session.exec(query.where(is_over).limit(_SHOWN)))
    rows = [(state_now(row[0]), view(*row)) for row in found]
    return LawyerRegister(
        waiting=[shown for state, shown in reversed(rows) if state is LawyerState.WAITING],
        verified=[shown for state, shown in rows if state is LawyerState.VERIFIED],
        past=[shown for state, shown in rows if state in (LawyerState.REFUSED, LawyerState.ENDED)],
        latest_end=(clock.now() + LONGEST).date().isoformat(),
    )


def verify(session: Session, actor: Actor, lawyer_id: int, last_day: str, shown: str) -> None:
    """Verify a lawyer until the end of `last_day` (YYYY-MM-DD) at the facility. An earlier verification there is replaced.

    `shown` is the version of the request that the actor has compared. Raises `NotFound`, `NotAllowed`, `PasswordNeeded`,
    `LawyerRequestChanged`, and `Invalid` (last_day).
    """
    row = _locked(session, actor, lawyer_id, LawyerState.WAITING)
    if version(row) != shown:
        raise LawyerRequestChanged
    ends_at = _end_of(last_day, session.get_one(Facility, row.facility_id).time_zone)
    earlier = select(Lawyer).where(
        Lawyer.account_id == row.account_id,
        Lawyer.facility_id == row.facility_id,
        Lawyer.state == LawyerState.VERIFIED,
    )
    for one in session.exec(earlier.with_for_update()):
        one.state, one.ends_at = LawyerState.ENDED, min(one.ends_at or clock.now(), clock.now())
    session.flush()
    row.ends_at = ends_at
    _decide(session, actor, row, LawyerState.VERIFIED, AuditKind.LAWYER_VERIFIED)


def refuse(session: Session, actor: Actor, lawyer_id: int, reason: str) -> None:
    """Refuse a request. The lawyer reads the reason. Raises as `verify`, with `Invalid` (reason)."""
    row = _locked(session, actor, lawyer_id, LawyerState.WAITING)
    row.reason = _checked(reason, Problem.REFUSAL_REASON_MISSING)
    _decide(session, actor, row, LawyerState.REFUSED, AuditKind.LAWYER_REFUSED)


def end_early(session: Session, actor: Actor, lawyer_id: int, reason: str) -> None:
    """End a verification now: new letters are ordinary, and letters that were sent stay privileged. Raises as `refuse`."""
    row = _locked(session, actor, lawyer_id, LawyerState.VERIFIED)
    row.reason = _checked(reason, Problem.ENDING_REASON_MISSING)
    row.ends_at, row.ended_by_account_id = clock.now(), actor.account_id
    _decide(session, actor, row, LawyerState.ENDED, AuditKind.LAWYER_ENDED)


def _decide(session: Session, actor: Actor, row: Lawyer, state: LawyerState, kind: AuditKind) -> None:
    row.state = state
    if state is not LawyerState.ENDED:
        row.decided_at, row.decided_by_account_id = clock.now(), actor.account_id
    # The request's number, and neither its name nor its bar number: the chain holds no names.
    record(session, actor, row.facility_id, kind, subject=f"lawyer {row.id}")
    lawyer_emails.tell(session, row)
    live.publish(session, Topic(Subject.DESK, row.facility_id))
    live.publish(session, Topic(Subject.THREADS, row.account_id))


def verifying_at(actor: Actor) -> tuple[int, ...]:
    """The facilities where the actor verifies lawyers. To look does not need a password that was just entered."""
    allowed = actor.facilities(Permission.VERIFY_LAWYERS)
    if not allowed:
        raise NotAllowed
    return allowed


def _locked(session: Session, actor: Actor, lawyer_id: int, state: LawyerState) -> Lawyer:
    here = col(Lawyer.facility_id).in_(actor.must(Permission.VERIFY_LAWYERS))
    row = session.exec(select(Lawyer).where(Lawyer.id == lawyer_id, here).with_for_update()).one_or_none()
    if row is None or state_now(row) is not state:
        raise NotFound("lawyer")
    return row


def _end_of(last_day: str, zone: str) -> datetime:
    """The midnight after a day from tomorrow on."""
    try:
        day = date.fromisoformat(last_day)
    except ValueError:
        raise Invalid(last_day=Problem.END_OUT_OF_BOUNDS(years=LONGEST_YEARS)) from None
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    if not today < day <= today + LONGEST:
        raise Invalid(last_day=Problem.END_OUT_OF_BOUNDS(years=LONGEST_YEARS))
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


def _checked(reason: str, missing: Problem) -> str:
    reason = one_line(reason)
    if not reason:
        raise Invalid(reason=missing())
    if len(reason) > REFUSAL_MAX:
        raise Invalid(reason=Problem.TOO_LONG(most=REFUSAL_MAX, length=len(reason)))
    return reason
