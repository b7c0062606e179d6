"""Limits on tries, counted in the database so that every worker counts the same.

`allow` refuses more than so many tries in a stretch of time. `guessing` never refuses for good: after some wrong guesses
each further one only has to wait, longer and longer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, update
from sqlmodel import Session, col, or_, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import Throttled, WrongCredentials
from rxconnect.models import Attempt
from rxconnect.services.accounts import tokens

# Tries older than this are forgotten, so no limit may look back further.
LONGEST = timedelta(days=1)
# A guess counts before its outcome is known. It lapses by itself when the outcome is never known, as in a crash.
_LAPSES_AFTER = timedelta(minutes=1)

# Built once, and run without the session's own work, since these take longer than the database: tries are counted at every
# pause of somebody's typing.
# When the try was that lies so many back, and not all since: a limit may be high, and this runs in a writer's transaction.
_AGO = (
    select(Attempt.at)
    .where(col(Attempt.key) == bindparam("key"), col(Attempt.at) > bindparam("since"))
    .order_by(col(Attempt.at).desc())
    .offset(bindparam("before"))
    .limit(1)
)
_TRY = insert(Attempt).values(key=bindparam("key"), at=bindparam("at"))
_OLD = delete(Attempt).where(col(Attempt.at) <= bindparam("until"))


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess of `who` at `what`. The first `free` wrong ones of a day cost no wait; then it doubles, up to `longest`."""

    what: str
    who: str
    free: int
    first: timedelta
    longest: timedelta

    @property
    def key(self) -> str:
        """What it is counted by."""
        return _key(self.what, self.who)

    def wait(self, wrong: int) -> timedelta:
        """How long to wait after so many wrong ones."""
        if wrong < self.free:
            return timedelta(0)
        return min(self.longest, self.first * 2 ** min(wrong - self.free, 30))


@contextmanager
def guessing(*guesses: Guess) -> Iterator[None]:
    """Count guesses before the work of the block is done, and take them back unless it raises `WrongCredentials`.

    Opens its own short transactions. Raises `Throttled` with the time until the next guess is welcome; what was refused
    does not count, nor does what failed by our own fault.
    """
    counted = db.write(_count, guesses)
    is_wrong = False
    try:
        yield
    except WrongCredentials:
        is_wrong = True
        raise
    finally:
        db.write(_keep if is_wrong else _take_back, counted)


def wrong_guesses(session: Session, guess: Guess) -> int:
    """How many wrong ones there were within a day."""
    return _wrong(session, guess, clock.now())[0]


def forget_guesses(session: Session, *guesses: Guess) -> None:
    """Let the next ones be welcome at once: who guessed has shown to be the right person."""
    session.exec(delete(Attempt).where(col(Attempt.key).in_([guess.key for guess in guesses])))


def allow(session: Session, what: str, who: str, limit: int, per: timedelta) -> None:
    """Count one try of `who` at `what`; at most `limit` in any stretch of `per`, which is a day at most.

    Raises `Throttled` with the time until the next try is welcome; a refused try does not count.
    """
    key, now = _key(what, who), clock.now()
    _one_at_a_time(session, key)
    _forget_old(session, now)
    connection = session.connection()
    first = connection.execute(_AGO, {"key": key, "since": now - per, "before": limit - 1}).scalar()
    if first is not None:
        raise Throttled(first + per - now)
    connection.execute(_TRY, {"key": key, "at": now})


def has_tried(session: Session, what: str, who: str, since: datetime) -> bool:
    """Whether there was a try of `who` at `what` since a moment, which is a day ago at most."""
    found = select(Attempt.id).where(Attempt.key == _key(what, who), Attempt.at >= since)
    return session.exec(found.limit(1)).first() is not None


def forget(session: Session, what: str, who: str) -> None:
    """Forget every try: `who` has shown to be the right person."""
    session.exec(delete(Attempt).where(col(Attempt.key) == _key(what, who)))


def _count(session: Session, guesses: Sequence[Guess]) -> list[int]:
    """Count the guesses unless one of them has to wait. Returns the ids to settle them by."""
    now = clock.now()
    # In one order, so that two who lock the same keys do not wait for each other.
    for key in sorted(guess.key for guess in guesses):
        _one_at_a_time(session, key)
    _forget_old(session, now)
    wait = max(_wait(session, guess, now) for guess in guesses)
    if wait > timedelta(0):
        raise Throttled(wait)
    attempts = [Attempt(key=guess.key, at=now, lapses_at=now + _LAPSES_AFTER) for guess in guesses]
    session.add_all(attempts)
    session.flush()
    return [attempt.id for attempt in attempts if attempt.id is not None]


def _keep(session: Session, counted: list[int]) -> None:
    session.exec(update(Attempt).where(_among(counted)).values(lapses_at=None))


def _take_back(session: Session, counted: list[int]) -> None:
    session.exec(delete(Attempt).where(_among(counted)))


def _among(counted: list[int]) -> ColumnElement[bool]:
    return col(Attempt.id).in_(counted)


def _wait(session: Session, guess: Guess, now: datetime) -> timedelta:
    wrong, last = _wrong(session, guess, now)
    wait = guess.wait(wrong)
    # The last one may be a moment ahead of us: it had the lock before, and looked at the clock later.
    return last + wait - now if last and wait else timedelta(0)


def _wrong(session: Session, guess: Guess, now: datetime) -> tuple[int, datetime | None]:
    """How many guesses of a day were wrong or are still being looked at, and when the last one was."""
    counts = or_(col(Attempt.lapses_at).is_(None), col(Attempt.lapses_at) > now)
    statement = select(func.count(col(Attempt.id)), func.max(Attempt.at))
    return session.exec(statement.where(Attempt.key == guess.key, Attempt.at > now - LONGEST, counts)).one()


def _forget_old(session: Session, now: datetime) -> None:
    session.connection().execute(_OLD, {"until": now - LONGEST})


def _key(what: str, who: str) -> str:
    return tokens.hashed(f"throttle {what}", who)


def _one_at_a_time(session: Session, key: str) -> None:
    """Let parallel tries of one person wait for each other, or all would see the count before any of them.

    SQLite has a single writer anyway; PostgreSQL needs a lock, which ends with the transaction.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.exec(select(func.pg_advisory_xact_lock(int(key[:15], 16))))
