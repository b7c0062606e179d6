"""Middleware for sockets: identifies the visitor, limits open sockets, and checks each frame.

Only a socket's handshake carries the sign-in's cookie. The scope then carries a `Visitor`, which this process keeps in
memory (`state/visitors.py`); the cookie goes no further.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict

from anyio import to_thread
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rxconnect import db, i18n, logs, world
from rxconnect.api.callers import address_of
from rxconnect.api.cookies import led_token
from rxconnect.demo import seat_tokens
from rxconnect.domain.errors import RxConnectError
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.visitors import Visitor
from rxconnect.services.accounts import sign_ins
from rxconnect.services.kiosk import sign_ins as kiosk_sign_ins

_SOCKET = "/_event"
# The most sockets of visitors without a sign-in, in each process. Accounts are not counted, as many may share an
# address. Only the oldest socket is closed, and a visitor's pages work without one.
_PER_ADDRESS, _IN_ALL = 100, 1_000
# Characters: the longest message that a draft holds, its subject, and Reflex's own data around them.
_LONGEST_FRAME = 200_000
# https://www.iana.org/assignments/websocket: unsupported data, message too big, try again later.
_UNSUPPORTED, _TOO_BIG, _LATER = 1003, 1009, 1013


class SocketDoor:
    """Identifies the visitor of each socket, limits those without a sign-in, and closes sockets that misbehave."""

    def __init__(self, app: ASGIApp):
        self._app = app
        # By address, the oldest first: a future for each open visitor's socket, which closes the socket when it is set.
        self._open: dict[str, list[asyncio.Future[None]]] = defaultdict(list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "websocket" or not scope["path"].startswith(_SOCKET):
            await self._app(scope, receive, send)
            return
        try:
            visitor = await to_thread.run_sync(_identify_visitor, scope)
        except RxConnectError:
            # The database does not answer. The page retries by itself; this may well be an account's socket.
            await send({"type": "websocket.close", "code": _LATER})
            return
        logs.begin_request(address=visitor.address)
        scope = {**scope, "headers": _without_cookies(scope), "visitor": visitor}
        if not visitor.is_anonymous:
            await self._app(scope, _checked_frames(receive), send)
            return
        end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._close_oldest_at_limit(visitor.address)
        self._open[visitor.address].append(end)
        try:
            await self._app(scope, _disconnecting_on(end, _checked_frames(receive)), send)
        finally:
            if not end.done():
                self._open[visitor.address].remove(end)
            if not self._open[visitor.address]:
                del self._open[visitor.address]

    def _close_oldest_at_limit(self, address: str) -> None:
        """At a limit, close the oldest socket of this address, or of the address with the most sockets."""
        if len(self._open[address]) >= _PER_ADDRESS:
            self._open[address].pop(0).set_result(None)
        elif sum(map(len, self._open.values())) >= _IN_ALL:
            max(self._open.values(), key=len).pop(0).set_result(None)


def _identify_visitor(scope: Scope) -> Visitor:
    handshake = HTTPConnection(scope)
    cookies = "; ".join(handshake.headers.getlist("cookie"))
    token = sign_ins.token_from_cookie(cookies)
    # A seat that is gone still stands before every other cookie: what it gets is settled at each event (the Gate).
    seat_hash, is_gone = scope.get("seat_hash", ""), "seat_hash" in scope and scope["seat"] is None
    if seat_hash:
        # A seat may change its kind while the socket is open. So it has both hashes, of which one at most finds a sign-in.
        sign_in, kiosk = ("", "") if is_gone else kiosk_sign_ins.hashes_of_seat(seat_hash)
    else:
        sign_in, kiosk = _living_sign_in(token), _living_kiosk_sign_in(cookies)
    return Visitor(
        sign_in,
        address_of(handshake),
        had_cookie=bool(token),
        world=world.current().name,
        language=i18n.language(),
        seat=seat_hash,
        kiosk=kiosk,
        watches=(whole_number(handshake.query_params.get("watches", "")) or 0) if seat_hash else 0,
        led=seat_tokens.led_session(led_token(handshake.headers)),
    )


def _living_sign_in(token: str) -> str:
    """The hash of a sign-in, or "" if it has ended. A browser opens its socket by itself, so this is no use of it."""
    lives = token and db.read(sign_ins.actor_for, token, is_used=False) is not None
    return sign_ins.hash_token(token) if lives else ""


def _living_kiosk_sign_in(cookies: str) -> str:
    """As `_living_sign_in`, of a person at a kiosk."""
    token = sign_ins.cookie_value(cookies, kiosk_sign_ins.cookie_name())
    lives = token and db.read(kiosk_sign_ins.actor_for, token, is_used=False) is not None
    return kiosk_sign_ins.hash_token(token) if lives else ""


def _without_cookies(scope: Scope) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in scope["headers"] if name.lower() != b"cookie"]


def _disconnecting_on(end: asyncio.Future[None], receive: Receive) -> Receive:
    """A `receive` that reports a disconnect once `end` is set."""

    async def next_frame() -> Message:
        frame: asyncio.Future[Message] = asyncio.ensure_future(receive())
        await asyncio.wait([frame, end], return_when=asyncio.FIRST_COMPLETED)  # type: ignore[type-var]
        if not frame.done():
            frame.cancel()
            return {"type": "websocket.disconnect", "code": _LATER}
        return frame.result()

    return next_frame


def _checked_frames(receive: Receive) -> Receive:
    """A `receive` that ends the socket at a frame our pages never send: bytes, or too much text."""

    async def next_frame() -> Message:
        message = await receive()
        if message.get("bytes") is not None:
            return {"type": "websocket.disconnect", "code": _UNSUPPORTED}
        if len(message.get("text") or "") > _LONGEST_FRAME:
            return {"type": "websocket.disconnect", "code": _TOO_BIG}
        return message

    return next_frame
