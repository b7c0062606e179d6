"""Refuses sockets during an outage: without Redis there is no session, without a database no data.

A refused browser says so on the page, retries by itself, and reloads the page once its socket is accepted. An open
socket ends up the same way: `rxconnect.apologise` closes it.
"""

from __future__ import annotations

import asyncio
import time

from starlette.types import ASGIApp, Receive, Scope, Send

from rxconnect.api.readiness import can_show_pages

_SOCKET = "/_event"
# Seconds. Thousands of browsers reconnect at once, so they share one check.
_CACHED_FOR = 1.0
# https://www.iana.org/assignments/websocket: try again later.
_LATER = 1013


class ReadySocketsOnly:
    """Refuses a new socket while Redis or the database is down."""

    def __init__(self, app: ASGIApp):
        self._app = app
        self._check_lock = asyncio.Lock()
        self._checked_at, self._is_ready = float("-inf"), True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "websocket" and scope["path"].startswith(_SOCKET) and not await self._may_open():
            await send({"type": "websocket.close", "code": _LATER})
            return
        await self._app(scope, receive, send)

    async def _may_open(self) -> bool:
        async with self._check_lock:
            if time.monotonic() - self._checked_at > _CACHED_FOR:
                self._is_ready = await can_show_pages()
                self._checked_at = time.monotonic()
            return self._is_ready
