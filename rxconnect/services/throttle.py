"""Limits on tries, counted in the database so that every worker counts the same."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.domain.errors import Throttled
from rxconnect.models import Attempt
from rxconnect.services import tokens

# Tries older than this are forgotten, so no limit may look back further.
LONGEST = timedelta(days=1)


def allow(session: Session, what: str, who: str, limit: int, per: timedelta) -> None:
    """Count one try of `who` at `what`; at most `limit` in any stretch of `per`, which is a day at most.

    Raises `Throttled` with the time until the next try is welcome; a refused try does not count.
    """
    key, now = _key(what, who), clock.now()
    _one_at_a_time(session, key)
    session.exec(delete(Attempt).where(col(Attempt.at) <= now - LONGEST))
    # The try that was `limit` tries ago, and not all since: a limit may be high, and this runs in a writer's transaction.
    first = session.exec(
        select(Attempt.at)
        .where(Attempt.key == key, Attempt.at > now - per)
        .order_by(col(Attempt.at).desc())
        .offset(limit - 1)
        .limit(1)
    ).first()
    if first is not None:
        raise Throttled(first + per - now)
    session.add(Attempt(key=key, at=now))
    session.flush()


def forget(session: Session, what: str, who: str) -> None:
    """Forget every try: `who` has shown to be the right person."""
    session.exec(delete(Attempt).where(col(Attempt.key) == _key(what, who)))


def forget_last(session: Session, what: str, who: str) -> None:
    """Forget the latest try, because it turned out to be a good one; the bad ones before it still count."""
    key = _key(what, who)
    last = select(func.max(Attempt.id)).where(Attempt.key == key).scalar_subquery()
    session.exec(delete(Attempt).where(col(Attempt.key) == key, col(Attempt.id) == last))


def _key(what: str, who: str) -> str:
    return tokens.hashed(f"throttle {what}", who)


def _one_at_a_time(session: Session, key: str) -> None:
    """Let parallel tries of one person wait for each other, or all would see the count before any of them.

    SQLite has a single writer anyway; PostgreSQL needs a lock, which ends with the transaction.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.exec(select(func.pg_advisory_xact_lock(int(key[:15], 16))))
