"""The seat of whoever sent the event that is being handled. It is looked up for every event: its truth is in the database."""

from __future__ import annotations

from contextvars import ContextVar

from rxconnect.demo import seats
from rxconnect.domain.demo import Seat
from rxconnect.domain.errors import Busy, Unavailable
from rxconnect.domain.visitors import Visitor
from rxconnect.state.transactions import in_thread

_current: ContextVar[Seat | None] = ContextVar("seat", default=None)


async def look_up(visitor: Visitor) -> Seat | None:
    """The visitor's seat, if it has one that is not gone; it is `current` for the event whose task this is."""
    try:
        seat = await in_thread(seats.find, visitor.seat) if visitor.seat else None
    except Busy as error:
        # Before every handler there is nobody to say so. The browser comes back by itself.
        raise Unavailable(str(error)) from error
    _current.set(seat)
    return seat


def current() -> Seat | None:
    """The sender's seat, or None."""
    return _current.get()
