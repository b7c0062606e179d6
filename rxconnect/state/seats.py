"""The sender's seat during an event. It is read from the database for every event."""

from __future__ import annotations

from contextvars import ContextVar

from rxconnect.demo import seats
from rxconnect.domain.demo import Seat
from rxconnect.domain.errors import Busy, Unavailable
from rxconnect.domain.visitors import Visitor
from rxconnect.state.transactions import in_thread

_current: ContextVar[Seat | None] = ContextVar("seat", default=None)


async def find_seat(visitor: Visitor) -> Seat | None:
    """Read the visitor's seat, or None if it has none or it is gone. It is `current` for the rest of this task."""
    try:
        seat = await in_thread(seats.find, visitor.seat) if visitor.seat else None
    except Busy as error:
        # No handler runs yet that could show `Busy`. After `Unavailable`, the browser retries by itself.
        raise Unavailable(str(error)) from error
    _current.set(seat)
    return seat


def current() -> Seat | None:
    """The sender's seat, or None."""
    return _current.get()
