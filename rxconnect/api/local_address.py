"""Middleware that leads a person's browser from http://127.0.0.1 to http://localhost, where it allows passkeys."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rxconnect.config import settings


class LocalAddress:
    """Redirects the pages that a person opens at the number of a local demonstration.

    Only a browser that opens a page sends this `Sec-Fetch-Mode`. Everything else is served at both addresses.
    """

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http" and scope["method"] == "GET" and _is_opened_at_the_number(Headers(scope=scope)):
            url = Request(scope).url
            await RedirectResponse(str(url.replace(hostname="localhost")), 307)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_opened_at_the_number(headers: Headers) -> bool:
    if headers.get("sec-fetch-mode") != "navigate" or settings().numeric_origin not in settings().origins[1:]:
        return False
    return f"http://{headers.get('host', '')}" == settings().numeric_origin
