"""The visitor of each open socket, known from its handshake and kept in this process's memory only."""

from __future__ import annotations

import asyncio

from reflex_base.constants import RouteVar
from reflex_base.event.context import EventContext

from rxconnect.domain.visitors import Visitor

# Seconds for which the last events of a closed socket still find their sender.
_LAST_EVENTS = 600

# By socket id, which this process assigns; no browser can choose it.
_visitors: dict[str, Visitor] = {}


def register(socket: str, visitor: Visitor) -> None:
    """Store the visitor who has opened this socket."""
    _visitors[socket] = visitor


def unregister(socket: str) -> None:
    """Remove a closed socket. An account's stays a while, as an event such as a charge may still be running."""
    if visitor_of(socket).is_anonymous:
        _visitors.pop(socket, None)
    else:
        asyncio.get_running_loop().call_later(_LAST_EVENTS, _visitors.pop, socket, None)


def visitor_of(socket: str) -> Visitor:
    """The visitor who opened this socket, or an anonymous one when it is unknown."""
    return _visitors.get(socket, _NOBODY)


def current() -> Visitor:
    """The sender of the current event, or of the event that it follows from."""
    return visitor_of(EventContext.get().router_data.get(RouteVar.SESSION_ID, ""))


def has_seat() -> bool:
    """Whether the current event comes from a seat in a demo session. False outside an event."""
    try:
        return bool(current().seat)
    except LookupError:
        return False


_NOBODY = Visitor()
