"""Rate limits, counted in the database so that all workers share them.

`count_attempt` is a sliding-window limit. `counting_guesses` is a backoff for passwords: after some wrong guesses, each
further guess must wait longer than the one before, but no account is ever locked.
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

# Older attempts are deleted, so no limit may have a longer window.
LONGEST = timedelta(days=1)
# A guess is counted before its outcome is known. If the process crashes meanwhile, the count expires after this time.
_LAPSES_AFTER = timedelta(minutes=1)

# Built once, and run without the ORM, since both take longer than the query: a search as one types counts often.
# This is the time of the attempt that is `before` attempts back. Counting all of them would be slow for a high limit.
_NTH_LATEST = (
    select(Attempt.at)
    .where(col(Attempt.key) == bindparam("key"), col(Attempt.at) > bindparam("since"))
    .order_by(col(Attempt.at).desc())
    .offset(bindparam("before"))
    .limit(1)
)
_INSERT_ATTEMPT = insert(Attempt).values(key=bindparam("key"), at=bindparam("at"))
_DELETE_OLD = delete(Attempt).where(col(Attempt.at) <= bindparam("until"))


@dataclass(frozen=True, slots=True)
class Guess:
    """A counter of the wrong guesses that `who` makes at `what` within a day.

    The first `free` wrong guesses cost no wait. The next one waits `first`, and then the wait doubles, up to `longest`.
    """

    what: str
    who: str
    free: int
    first: timedelta
    longest: timedelta

    @property
    def key(self) -> str:
        """The key under which the database counts it."""
        return _key(self.what, self.who)

    def wait(self, wrong: int) -> timedelta:
        """The wait after `wrong` wrong guesses."""
        if wrong < self.free:
            return timedelta(0)
        return min(self.longest, self.first * 2 ** min(wrong - self.free, 30))


@dataclass
class CountedGuess:
    """A guess that is counted, by the ids of its rows, until it turns out to be right."""

    ids: list[int]
    is_undone: bool = False

    def undo(self, session: Session) -> None:
        """Count the guess no more, in the transaction that makes use of it. That saves a transaction."""
        session.exec(delete(Attempt).where(_have_ids(self.ids)))
        self.is_undone = True


@contextmanager
def counting_guesses(*guesses: Guess) -> Iterator[CountedGuess]:
    """Count a guess in each counter before the block runs, and undo that unless the block raises `WrongCredentials`.

    Opens its own short transactions. Raises `Throttled` with the time until the next guess is allowed. A refused guess
    is not counted, and neither is one that failed for another reason.
    """
    counted = CountedGuess(db.write(_count_guesses, guesses))
    try:
        yield counted
    except WrongCredentials:
        db.write(_confirm_guesses, counted.ids)
        raise
    except BaseException:
        # A transaction that failed has not undone it either.
        db.write(counted.undo)
        raise
    if not counted.is_undone:
        db.write(counted.undo)


def wrong_guesses(session: Session, guess: Guess) -> int:
    """The number of wrong guesses in this counter within a day."""
    return _wrong_count_and_last(session, guess, clock.now())[0]


def wait_left(session: Session, guess: Guess, now: datetime) -> timedelta:
    """How long the next guess in this counter must still wait; not more than zero when it need not."""
    return _remaining_wait(session, guess, now)


def reset_guesses(session: Session, *guesses: Guess) -> None:
    """Reset these counters, after the person has proved to be the account's owner."""
    session.exec(delete(Attempt).where(col(Attempt.key).in_([guess.key for guess in guesses])))


def count_attempt(session: Session, what: str, who: str, limit: int, per: timedelta) -> None:
    """Count one attempt of `who` at `what`. At most `limit` are allowed in any window of `per` (at most a day).

    Raises `Throttled` with the time until the next attempt is allowed. A refused attempt is not counted.
    """
    key, now = _key(what, who), clock.now()
    _lock_key(session, key)
    _delete_old(session, now)
    connection = session.connection()
    first = connection.execute(_NTH_LATEST, {"key": key, "since": now - per, "before": limit - 1}).scalar()
    if first is not None:
        raise Throttled(first + per - now)
    connection.execute(_INSERT_ATTEMPT, {"key": key, "at": now})


def has_tried(session: Session, what: str, who: str, since: datetime) -> bool:
    """Whether there was an attempt of `who` at `what` since this time (at most a day ago)."""
    found = select(Attempt.id).where(Attempt.key == _key(what, who), Attempt.at >= since)
    return session.exec(found.limit(1)).first() is not None


def reset_attempts(session: Session, what: str, who: str) -> None:
    """Delete the attempts of `who` at `what`, so that the next one is allowed at once."""
    session.exec(delete(Attempt).where(col(Attempt.key) == _key(what, who)))


def _count_guesses(session: Session, guesses: Sequence[Guess]) -> list[int]:
    """Count the guesses, and return the ids of their rows. Raises `Throttled` when one of them has to wait."""
    now = clock.now()
    # Sorted, so that two requests that lock the same keys cannot deadlock.
    for key in sorted(guess.key for guess in guesses):
        _lock_key(session, key)
    _delete_old(session, now)
    wait = max(_remaining_wait(session, guess, now) for guess in guesses)
    if wait > timedelta(0):
        raise Throttled(wait)
    attempts = [Attempt(key=guess.key, at=now, lapses_at=now + _LAPSES_AFTER) for guess in guesses]
    session.add_all(attempts)
    session.flush()
    return [attempt.id for attempt in attempts if attempt.id is not None]


def _confirm_guesses(session: Session, counted: list[int]) -> None:
    """Let counted guesses count for a day, because they were wrong."""
    session.exec(update(Attempt).where(_have_ids(counted)).values(lapses_at=None))


def _have_ids(counted: list[int]) -> ColumnElement[bool]:
    return col(Attempt.id).in_(counted)


def _remaining_wait(session: Session, guess: Guess, now: datetime) -> timedelta:
    wrong, last = _wrong_count_and_last(session, guess, now)
    wait = guess.wait(wrong)
    # The last one may be a moment ahead of us: it had the lock before, and looked at the clock later.
    return last + wait - now if last and wait else timedelta(0)


def _wrong_count_and_last(session: Session, guess: Guess, now: datetime) -> tuple[int, datetime | None]:
    """The number of guesses within a day that were wrong or are still being checked, and the time of the last one."""
    counts = or_(col(Attempt.lapses_at).is_(None), col(Attempt.lapses_at) > now)
    statement = select(func.count(col(Attempt.id)), func.max(Attempt.at))
    return session.exec(statement.where(Attempt.key == guess.key, Attempt.at > now - LONGEST, counts)).one()


def _delete_old(session: Session, now: datetime) -> None:
    session.connection().execute(_DELETE_OLD, {"until": now - LONGEST})


def _key(what: str, who: str) -> str:
    return tokens.keyed_hash(f"throttle {what}", who)


def _lock_key(session: Session, key: str) -> None:
    """Lock the key until the transaction ends. Otherwise parallel attempts would all see the same count.

    SQLite has only one writer at a time, so it needs no lock.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.exec(select(func.pg_advisory_xact_lock(int(key[:15], 16))))
