"""Refuses sockets while we could not serve them: without Redis there is no session, without a database nothing to show.

A browser that is refused says so on the page, retries by itself, and reloads the page when its socket is accepted. A page
whose socket was open goes the same way: `rxconnect.apologise` closes the socket.
"""

from __future__ import annotations

import asyncio
import time

from starlette.types import ASGIApp, Receive, Scope, Send

from rxconnect.api.readiness import can_show_pages

_SOCKET = "/_event"
# Seconds. Thousands of browsers come back at once, so they share one check.
_REMEMBERED = 1.0
# https://www.iana.org/assignments/websocket: try again later.
_LATER = 1013


class ReadySocketsOnly:
    """Refuses a new socket while Redis or the database does not work."""

    def __init__(self, app: ASGIApp):
        self._app = app
        self._asking = asyncio.Lock()
        self._asked_at, self._is_ready = float("-inf"), True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "websocket" and scope["path"].startswith(_SOCKET) and not await self._may_open():
            await send({"type": "websocket.close", "code": _LATER})
            return
        await self._app(scope, receive, send)

    async def _may_open(self) -> bool:
        async with self._asking:
            if time.monotonic() - self._asked_at > _REMEMBERED:
                self._is_ready = await can_show_pages()
                self._asked_at = time.monotonic()
            return self._is_ready
