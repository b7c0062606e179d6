"""Reads request bodies before any route does, with limits on their size, time and number.

A form has 64 kB and ten seconds. An endpoint may take more (`endpoint.long_body`): a larger body is read only from an account
with the permission for it, and only while it brings 10 kB a second. It may have it as a file (`uploaded_file`), so that no
number of uploads fills the memory.

No other layer limits connections whose body does not arrive, and a few thousand of them would block every user.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Lock
from typing import BinaryIO

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rxconnect import world
from rxconnect.api import cookies
from rxconnect.api.callers import address_of
from rxconnect.api.replies import plain_page
from rxconnect.api.security import READS
from rxconnect.config import settings
from rxconnect.domain import refusals
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.errors import NotAllowed, RxConnectError
from rxconnect.domain.numbers import whole_number
from rxconnect.i18n import _

MAX_BODY = 64 * 1024
# Bytes of an upload that are in memory before they go into its file.
_WRITTEN_AT_ONCE = 512 * 1024
_BYTES_A_SECOND = 10_000
# Seconds. Almost every form comes in one piece; only a slower one is counted as unfinished.
_AT_ONCE, _AT_MOST = 0.25, 9.75
# How many unfinished bodies may wait: of one account, or one address without a sign-in; and of all such addresses.
_UNFINISHED, _UNFINISHED_IN_ALL = 20, 1_000
_UPLOADS, _UPLOADS_IN_ALL = 2, 8
_EVERYBODY, _ACCOUNT = "everybody who is not signed in", "account "
# A cookie may be forged, and looking it up costs a query. So only a few look-ups run at once, and when too many wait, a
# sender counts as not signed in.
_look_ups, _LOOK_UPS_WAITING = CapacityLimiter(2), 50


@dataclass(frozen=True, slots=True)
class LongBody:
    """What an endpoint takes beyond `MAX_BODY`: at most so many bytes, from accounts that have the permission somewhere.

    `actor_of` finds the account of a request.
    """

    most: int
    permission: Permission
    actor_of: Callable[[Request], Actor | None] = cookies.actor_of
    # Whether the endpoint gets the body as a file.
    is_file: bool = False
    # Whether everybody may send it now, also without an account. Then few do so at once.
    is_for_everybody: Callable[[], bool] = lambda: False


class Received:
    """What has arrived of a body: in memory, or in a file without a name, which ends with this process.

    The file is made, written and deleted in worker threads: while the disk is busy, each of these can take a tenth of a second, and
    everybody would wait.
    """

    def __init__(self, *, is_file: bool):
        self.size = 0
        self.is_file = is_file
        self._pieces = bytearray()
        # Opened for the first piece, and closed by `close`.
        self._file: BinaryIO | None = None
        self._lock, self._is_closed = Lock(), False

    async def add(self, piece: bytes) -> None:
        """Add a piece."""
        self.size += len(piece)
        self._pieces += piece
        if self.is_file and len(self._pieces) >= _WRITTEN_AT_ONCE:
            await to_thread.run_sync(self._write)

    async def finish(self) -> None:
        """Bring the last pieces into the file, if there is one."""
        if self.is_file:
            await to_thread.run_sync(self._write)

    def content(self) -> bytes:
        """The body, if it is in memory."""
        return bytes(self._pieces)

    def file(self) -> BinaryIO:
        """The file, at its beginning."""
        if self._file is None:
            raise TypeError("the endpoint has not asked for a file")
        self._file.seek(0)
        return self._file

    async def close(self) -> None:
        """Delete the file."""
        if self.is_file:
            await to_thread.run_sync(self._close)

    def _write(self) -> None:
        # The request may be given up while a thread still writes.
        with self._lock:
            if self._is_closed:
                return
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=settings().data_dir)  # noqa: SIM115 - `_close` closes it
            self._file.write(self._pieces)
            self._pieces.clear()

    def _close(self) -> None:
        with self._lock:
            self._is_closed = True
            if self._file is not None:
                self._file.close()


def uploaded_file(request: Request) -> tuple[BinaryIO, int]:
    """The body of a request as a file, and its size, in an endpoint whose `long_body` asks for that."""
    received: Received = request.scope[_RECEIVED]
    return received.file(), received.size


_RECEIVED = "rxconnect.received"


class _Disconnected(Exception):
    """The client has disconnected, so no answer is needed."""


class _Refused(Exception):
    def __init__(self, title: str, sentence: str, status: int):
        super().__init__(title)
        self.answer = plain_page(title, sentence, status)
        # The server must not wait for the rest of the body.
        self.answer.headers["Connection"] = "close"


class Bodies:
    """Gives `app` the whole body of each request at once, and refuses a body that none of `routes` takes."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]):
        self._app = app
        self._routes = routes
        self._unfinished: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        received: Received | None = None
        try:
            long_body = self._long_body(scope)
            received = Received(is_file=bool(long_body and long_body.is_file))
            has_body = await self._receive_body(scope, receive, long_body, received)
            await received.finish()
            scope[_RECEIVED] = received
            await self._app(scope, _replay_body(received.content(), receive) if has_body else receive, send)
        except _Disconnected:
            return
        except _Refused as refused:
            await refused.answer(scope, receive, send)
        finally:
            if received:
                await received.close()

    async def _receive_body(self, scope: Scope, receive: Receive, long_body: LongBody | None, body: Received) -> bool:
        """Read the whole body. False if the request has none. Raises `_Disconnected` or `_Refused`."""
        longest = long_body.most if long_body else MAX_BODY
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        if "transfer-encoding" not in headers and length == "0":
            return False
        size = whole_number(length, most=longest)
        if size is None:
            raise _too_long_refusal(longest)
        is_upload = long_body is not None and (size > MAX_BODY or "transfer-encoding" in headers)
        if long_body and is_upload:
            if long_body.is_for_everybody():
                with self._count(_open_uploads(Request(scope))):
                    return await self._read_to_end(scope, receive, body, longest, is_upload=True)
            # Unlike `_sender_key`, this always looks the sign-in up, and lets an error of the database through.
            actor = await to_thread.run_sync(long_body.actor_of, Request(scope), limiter=_look_ups)
            _require_permission(actor, long_body.permission)
        return await self._read_to_end(scope, receive, body, longest, is_upload=is_upload)

    async def _read_to_end(
        self, scope: Scope, receive: Receive, body: Received, longest: int, *, is_upload: bool
    ) -> bool:
        reading = asyncio.create_task(_read_body(receive, body, longest))
        try:
            if not await _ends_within(reading, _AT_ONCE):
                with self._count(_unfinished_forms(await _sender_key(Request(scope)))):
                    await _wait_for_body(reading, body, is_upload=is_upload)
            reading.result()
            return True
        finally:
            reading.cancel()

    def _long_body(self, scope: Scope) -> LongBody | None:
        """What the route takes beyond `MAX_BODY`, if anything. Raises `_Refused` if no route takes this method here."""
        if scope["method"] in READS:
            return None
        for route in self._routes:
            match, found = route.matches(scope)
            if match is Match.FULL:
                return getattr(found["endpoint"], "long_body", None)
        raise _Refused(_("Not possible"), _("This address takes no forms, so nothing was changed."), 405)

    @contextmanager
    def _count(self, keys: dict[str, int]) -> Iterator[None]:
        """Count one more unfinished body inside the block, under each key. Raises `_Refused` when there are too many of one."""
        if any(self._unfinished[key] >= most for key, most in keys.items()):
            raise _Refused(
                _("Please wait a moment"),
                _("Many forms from your network have begun and not arrived. Please send yours again in ten seconds."),
                429,
            )
        self._unfinished.update(keys.keys())
        try:
            yield
        finally:
            self._unfinished.subtract(keys.keys())
            self._unfinished = +self._unfinished


def _unfinished_forms(who: str) -> dict[str, int]:
    """How many unfinished bodies a sender may have, and how many those have together who are not signed in."""
    return {who: _UNFINISHED} if who.startswith(_ACCOUNT) else {who: _UNFINISHED, _EVERYBODY: _UNFINISHED_IN_ALL}


def _open_uploads(request: Request) -> dict[str, int]:
    """How many large bodies may come at once where everybody may send one: of an address, and in all."""
    return {f"upload from {address_of(request)}": _UPLOADS, "uploads": _UPLOADS_IN_ALL}


def _require_permission(actor: Actor | None, permission: Permission) -> None:
    """Raise `_Refused` unless the actor has the permission, at whichever facility."""
    if actor is None:
        raise _Refused(
            _("Please sign in"), _("You were signed out, so nothing was changed. Please sign in again."), 401
        )
    if not (actor.may(permission) or actor.facilities(permission)):
        raise _Refused(_("Not possible"), refusals.sentence(NotAllowed()), 403)


async def _sender_key(request: Request) -> str:
    """The key under which a sender's unfinished bodies are counted: the signed-in account, else the address.

    Many people may share one address (a library, a carrier), so a stranger there must not block a signed-in account.
    """
    has_cookie = cookies.sign_in_token(request) or cookies.kiosk_token(request)
    if has_cookie and _look_ups.statistics().tasks_waiting < _LOOK_UPS_WAITING:
        with suppress(RxConnectError):
            if actor := await to_thread.run_sync(_sender, request, limiter=_look_ups):
                return f"{_ACCOUNT}{actor.account_id} {world.current().name}"
    return f"address {address_of(request)}"


def _sender(request: Request) -> Actor | None:
    """The account behind a request, or the person at a kiosk. The kiosks of a facility share one address, too."""
    return cookies.actor_of(request) or cookies.kiosk_actor_of(request)


async def _ends_within(reading: asyncio.Task[None], seconds: float) -> bool:
    """Whether reading ends within so many seconds. If not, it goes on: cancelling could lose a piece."""
    done, _pending = await asyncio.wait({reading}, timeout=seconds)
    return bool(done)


async def _wait_for_body(reading: asyncio.Task[None], body: Received, *, is_upload: bool) -> None:
    """Wait for the whole body. Raises `_Refused` when a form takes too long, or an upload is too slow."""
    before = 0
    while not await _ends_within(reading, _AT_MOST):
        if not is_upload or body.size - before < _BYTES_A_SECOND * _AT_MOST:
            raise _Refused(_("Too slow"), _("Your form did not arrive in time. Please send it again."), 408)
        before = body.size


async def _read_body(receive: Receive, body: Received, longest: int) -> None:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Disconnected
        await body.add(message.get("body", b""))
        if body.size > longest:
            raise _too_long_refusal(longest)
        if not message.get("more_body", False):
            return


def _replay_body(body: bytes, receive: Receive) -> Receive:
    """A `receive` that returns the body in one piece, and then the server's next messages."""
    pieces: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return pieces.pop() if pieces else await receive()

    return received


def _too_long_refusal(longest: int) -> _Refused:
    if longest > MAX_BODY:
        sentence = _(
            "That file is larger than any that fits here. Nothing was changed. Please go back and choose another."
        )
        return _Refused(_("Too large"), sentence, 413)
    sentence = _("That is more text than this form can take. Nothing was changed. Please go back and shorten it.")
    return _Refused(_("Too long"), sentence, 413)
