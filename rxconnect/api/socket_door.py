"""The door of the socket: who comes in, how many, and what a frame may be.

The handshake is the only moment at which a browser proves who it is. What it proved is put into the scope as a `Visitor`
and goes on from there in this process's memory (`state/visitors.py`); the cookie goes no further than here.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict

from anyio import to_thread
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rxconnect import db, i18n, logs, world
from rxconnect.api.callers import address_of
from rxconnect.domain.errors import RxConnectError
from rxconnect.domain.visitors import Visitor
from rxconnect.services.accounts import sign_ins

_SOCKET = "/_event"
# Of visitors who are not signed in, for each process. Somebody signed in is never counted: rooms and carriers share one
# address. What is closed is only the oldest socket, and the pages of a visitor work without one.
_PER_ADDRESS, _IN_ALL = 100, 1_000
# Characters: the longest letter that a draft holds, its subject, and what Reflex puts around them.
_LONGEST_FRAME = 200_000
# https://www.iana.org/assignments/websocket: unsupported data, message too big, try again later.
_UNSUPPORTED, _TOO_BIG, _LATER = 1003, 1009, 1013


class SocketDoor:
    """Recognises whoever opens a socket, counts those who are not signed in, and ends sockets that no page of ours has."""

    def __init__(self, app: ASGIApp):
        self._app = app
        # What each open socket of a visitor waits for besides its next frame, by address, the oldest first: to be ended.
        self._open: dict[str, list[asyncio.Future[None]]] = defaultdict(list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "websocket" or not scope["path"].startswith(_SOCKET):
            await self._app(scope, receive, send)
            return
        try:
            visitor = await to_thread.run_sync(_visitor, scope)
        except RxConnectError:
            # The database does not answer: a page tries again by itself, and it is no stranger's socket by mistake.
            await send({"type": "websocket.close", "code": _LATER})
            return
        logs.begin(address=visitor.address)
        scope = {**scope, "headers": _without_cookies(scope), "visitor": visitor}
        if not visitor.is_anonymous:
            await self._app(scope, _frames(receive), send)
            return
        end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._make_room(visitor.address)
        self._open[visitor.address].append(end)
        try:
            await self._app(scope, _until(end, _frames(receive)), send)
        finally:
            if not end.done():
                self._open[visitor.address].remove(end)
            if not self._open[visitor.address]:
                del self._open[visitor.address]

    def _make_room(self, address: str) -> None:
        """End the oldest socket of the address, or of the address that has most, when there are too many."""
        if len(self._open[address]) >= _PER_ADDRESS:
            self._open[address].pop(0).set_result(None)
        elif sum(map(len, self._open.values())) >= _IN_ALL:
            max(self._open.values(), key=len).pop(0).set_result(None)


def _visitor(scope: Scope) -> Visitor:
    handshake = HTTPConnection(scope)
    token = sign_ins.token_from_cookie("; ".join(handshake.headers.getlist("cookie")))
    # A seat that is gone still stands before every other cookie: what it gets is settled at each event (the Gate).
    seat_hash, is_gone = scope.get("seat_hash", ""), "seat_hash" in scope and scope["seat"] is None
    lives = bool(token) and not is_gone and db.read(sign_ins.actor_for, token) is not None
    return Visitor(
        sign_ins.hashed(token) if lives else "",
        address_of(handshake),
        had_cookie=bool(token),
        world=world.current().name,
        language=i18n.language(),
        seat=seat_hash,
    )


def _without_cookies(scope: Scope) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in scope["headers"] if name.lower() != b"cookie"]


def _until(end: asyncio.Future[None], receive: Receive) -> Receive:
    """`receive`, until `end` comes: then the browser seems to have gone."""

    async def next_frame() -> Message:
        frame: asyncio.Future[Message] = asyncio.ensure_future(receive())
        await asyncio.wait([frame, end], return_when=asyncio.FIRST_COMPLETED)  # type: ignore[type-var]
        if not frame.done():
            frame.cancel()
            return {"type": "websocket.disconnect", "code": _LATER}
        return frame.result()

    return next_frame


def _frames(receive: Receive) -> Receive:
    """`receive`, for which a frame that no page of ours sends is the end of the socket: bytes, or too much text."""

    async def next_frame() -> Message:
        message = await receive()
        if message.get("bytes") is not None:
            return {"type": "websocket.disconnect", "code": _UNSUPPORTED}
        if len(message.get("text") or "") > _LONGEST_FRAME:
            return {"type": "websocket.disconnect", "code": _TOO_BIG}
        return message

    return next_frame
