"""No socket while we could not serve it: without Redis there is no session, and without a database nothing to show.

A browser that is refused says so on the page, tries again by itself, and loads the page anew when it is let in. That is
also the way back for a page whose socket was open: it is sent away (`rxconnect.apologise`).
"""

from __future__ import annotations

import time

import anyio
import anyio.to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from rxconnect import db, shared_state

_SOCKET = "/_event"
_PATIENCE = 1.5  # seconds
# Thousands of browsers come back at once: they are all told what one of them has found out.
_REMEMBERED = 1.0  # seconds


class ReadySocketsOnly:
    """Refuses a new socket while Redis or the database does not answer."""

    def __init__(self, app: ASGIApp):
        self._app = app
        self._asking = anyio.Lock()
        self._asked_at, self._is_ready = float("-inf"), True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "websocket" and scope["path"].startswith(_SOCKET) and not await self._may_open():
            await receive()
            await send({"type": "websocket.close", "code": 1013})
            return
        await self._app(scope, receive, send)

    async def _may_open(self) -> bool:
        async with self._asking:
            if time.monotonic() - self._asked_at > _REMEMBERED:
                self._is_ready = False
                with anyio.move_on_after(_PATIENCE):
                    self._is_ready = await anyio.to_thread.run_sync(_answers, abandon_on_cancel=True)
                self._asked_at = time.monotonic()
            return self._is_ready


def _answers() -> bool:
    return not shared_state.problem() and db.answers()
