"""The sender of the event that is being handled, known from the handshake of its socket and kept in this process alone."""

from __future__ import annotations

import asyncio

from reflex_base.constants import RouteVar
from reflex_base.event.context import EventContext

from rxconnect.domain.visitors import Visitor

# Seconds for which a closed socket's last events still know who sent them.
_LAST_EVENTS = 600

# By the id of the socket, which this process gives and no browser chooses.
_visitors: dict[str, Visitor] = {}


def enter(socket: str, visitor: Visitor) -> None:
    """Remember who has opened this socket."""
    _visitors[socket] = visitor


def leave(socket: str) -> None:
    """The socket has closed. What it asked for last, such as a charge, still ends in its sender's name."""
    if of(socket).is_anonymous:
        _visitors.pop(socket, None)
    else:
        asyncio.get_running_loop().call_later(_LAST_EVENTS, _visitors.pop, socket, None)


def of(socket: str) -> Visitor:
    """The visitor who opened this socket; nobody, where that is not known."""
    return _visitors.get(socket, _NOBODY)


def current() -> Visitor:
    """The sender of the event that is being handled, or of the one that it follows from."""
    return of(EventContext.get().router_data.get(RouteVar.SESSION_ID, ""))


_NOBODY = Visitor()
