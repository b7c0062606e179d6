"""Reads what a request brings before any route does: only where a form is taken, bounded in size, time and number.

A connection whose body does not arrive is held open by nobody else, so a few thousand of them would shut everybody out.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rxconnect.api import cookies
from rxconnect.api.callers import address_of
from rxconnect.api.replies import plain_page
from rxconnect.api.security import READS
from rxconnect.domain.errors import RxConnectError

MAX_BODY = 64 * 1024
# Seconds. Almost every form comes in one piece; only one that does not is counted as unfinished.
_AT_ONCE, _AT_MOST = 0.25, 10.0
# How many unfinished ones may wait: of one account, or of one address nobody of which is signed in; and of all the latter.
_UNFINISHED, _UNFINISHED_IN_ALL = 20, 1_000
_EVERYBODY = "everybody who is not signed in"
# A cookie may be made up, and looking it up costs the database; so few are looked up at once, and a crowd is nobody.
_look_ups, _LOOK_UPS_WAITING = CapacityLimiter(2), 50


class _Gone(Exception):
    """The caller has hung up, which is no error and nobody waits for an answer."""


class _Refused(Exception):
    def __init__(self, title: str, sentence: str, status: int):
        super().__init__(title)
        self.answer = plain_page(title, sentence, status)
        # What is left of the body must not be waited for.
        self.answer.headers["Connection"] = "close"


class Bodies:
    """Gives `app` the whole body of each request at once, and only such that one of `routes` takes."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]):
        self._app = app
        self._routes = routes
        self._unfinished: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await self._body(scope, receive)
        except _Gone:
            return
        except _Refused as refused:
            await refused.answer(scope, receive, send)
            return
        await self._app(scope, receive if body is None else _again(body, receive), send)

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The whole body, or None where none is announced. Raises `_Gone` or `_Refused`."""
        if not self._is_taken(scope):
            raise _Refused("Not possible", "This address takes no forms, so nothing was changed.", 405)
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        if "transfer-encoding" not in headers and length == "0":
            return None
        if length.isdigit() and int(length) > MAX_BODY:
            raise _too_long()
        reading = asyncio.create_task(_read(receive))
        try:
            if not await _ends(reading, _AT_ONCE):
                with self._counted(await _who(Request(scope))):
                    if not await _ends(reading, _AT_MOST - _AT_ONCE):
                        raise _Refused("Too slow", "Your form did not arrive in time. Please send it again.", 408)
            return reading.result()
        finally:
            reading.cancel()

    def _is_taken(self, scope: Scope) -> bool:
        """Whether a route of ours says that it takes this method here: the framework behind them is only read from."""
        return scope["method"] in READS or any(route.matches(scope)[0] is Match.FULL for route in self._routes)

    @contextmanager
    def _counted(self, who: str) -> Iterator[None]:
        """Count one more unfinished body. Raises `_Refused` when there are too many."""
        keys = {who: _UNFINISHED} if who.startswith("account ") else {who: _UNFINISHED, _EVERYBODY: _UNFINISHED_IN_ALL}
        if any(self._unfinished[key] >= most for key, most in keys.items()):
            raise _Refused(
                "Please wait a moment",
                "Many forms from your network have begun and not arrived. Please send yours again in ten seconds.",
                429,
            )
        self._unfinished.update(keys.keys())
        try:
            yield
        finally:
            self._unfinished.subtract(keys.keys())
            self._unfinished = +self._unfinished


async def _who(request: Request) -> str:
    """Whose unfinished body it is: an account's when a living sign-in says so, else its address's.

    A room, a library or a carrier shares one address, so nobody who is signed in there is kept out by a stranger.
    """
    if cookies.token_of(request) and _look_ups.statistics().tasks_waiting < _LOOK_UPS_WAITING:
        with suppress(RxConnectError):
            if actor := await to_thread.run_sync(cookies.actor_of, request, limiter=_look_ups):
                return f"account {actor.account_id}"
    return f"address {address_of(request)}"


async def _ends(reading: asyncio.Task[bytes], seconds: float) -> bool:
    """Whether it ends in so many seconds. Not cancelled if it does not, since that could lose a piece."""
    done, _ = await asyncio.wait({reading}, timeout=seconds)
    return bool(done)


async def _read(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise _too_long()
        if not message.get("more_body", False):
            return body


def _again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that brings the body in one piece, and then whatever the server says next."""
    pieces: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return pieces.pop() if pieces else await receive()

    return received


def _too_long() -> _Refused:
    sentence = "That is more text than this form can take. Nothing was changed. Please go back and shorten it."
    return _Refused("Too long", sentence, 413)
