"""The scheduler's lease: the row that names the worker that runs the jobs of this database, and when its lease ends."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from rxconnect.domain import clock
from rxconnect.models import SchedulerLease


def is_held_by_another(session: Session, holder: str) -> bool:
    """Whether another worker holds the lease. A waiting worker checks this first, since a read needs no lock."""
    lease = session.exec(select(SchedulerLease)).one()
    return lease.holder != holder and lease.lease_until > clock.now()


def take_lease(session: Session, holder: str, term: timedelta) -> bool:
    """Take the lease, or renew it, for `term` from now. False when another worker holds it.

    The guarded UPDATE decides: if two workers try at once, only one succeeds.
    """
    now = clock.now()
    is_free = or_(col(SchedulerLease.holder) == holder, col(SchedulerLease.lease_until) <= now)
    taken = update(SchedulerLease).where(is_free).values(holder=holder, lease_until=now + term)
    return session.exec(taken).rowcount == 1


def release_lease(session: Session, holder: str) -> None:
    """Release the lease, so that the next worker need not wait for it to expire. Does nothing if another holds it."""
    mine = update(SchedulerLease).where(col(SchedulerLease.holder) == holder)
    session.exec(mine.values(lease_until=clock.now()))
