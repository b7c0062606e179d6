"""Binds each request, and each socket while it opens, to its world (`rxconnect/world.py`)."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from rxconnect.world import world_of


class Worlds:
    """Middleware that binds the world. No request can name another one yet, so it is always the installation's."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        with world_of("").bound():
            await self._app(scope, receive, send)
