"""Times of demo sessions, as the summary counts them."""

from __future__ import annotations

from datetime import timedelta

from rxconnect.i18n import _


def whole(span: timedelta) -> int:
    """Whole minutes, rounded up."""
    return -(-span // timedelta(minutes=1))


def exact(span: timedelta) -> str:
    """A time in words, to the second, so that the times of the steps add up."""
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    if not minutes:
        return _("{seconds} s").format(seconds=seconds)
    return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=seconds)
