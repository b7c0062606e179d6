"""The only clock. Every time in RxConnect is an aware datetime in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_fixed: ContextVar[datetime | None] = ContextVar("fixed_time", default=None)
# The time by which the current world's clock is behind the real one. Binding a world sets it (`rxconnect/world.py`).
behind: ContextVar[timedelta] = ContextVar("behind", default=timedelta(0))


def now() -> datetime:
    """The present time of the current world in UTC, or the one fixed by `at`."""
    return _fixed.get() or datetime.now(UTC) - behind.get()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Make `now()` return `moment` inside the block: for tests, and for the past year of the demonstration."""
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
