"""Keeps the sign-in cookie out of the framework's state.

Reflex keeps the headers of a socket as state and sends them to the page, where any script could read them. So before
the framework sees a socket, its sign-in cookie is replaced by the sign-in's alias: enough to know who is there, and
worthless as a cookie, because whatever comes as a cookie is hashed again.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from rxconnect.services import sign_ins

_SOCKET = "/_event"


class SocketIdentity:
    """Replaces the cookies of every request to the socket by the alias of the sign-in."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] in ("http", "websocket") and scope["path"].startswith(_SOCKET):
            scope = dict(scope, headers=_with_alias(scope))
        await self._app(scope, receive, send)


def _with_alias(scope: Scope) -> list[tuple[bytes, bytes]]:
    others = [(name, value) for name, value in scope["headers"] if name.lower() != b"cookie"]
    token = sign_ins.token_from_cookie("; ".join(Headers(scope=scope).getlist("cookie")))
    if not token:
        return others
    return [*others, (b"cookie", f"{sign_ins.cookie_name()}={sign_ins.alias(token)}".encode())]
