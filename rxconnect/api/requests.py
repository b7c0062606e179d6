"""Middleware that gives each request an id in the log, and answers unexpected errors."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rxconnect import logs
from rxconnect.api.apologies import unexpected_error_response
from rxconnect.api.callers import address_of


class Requests:
    """Starts the log context of each request, and answers an unexpected error unless a response has started."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, has_begun = Request(scope), False
        logs.begin_request(request=secrets.token_hex(6), address=address_of(request))

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception as error:
            answer = unexpected_error_response(request, error)
            if not has_begun:
                await answer(scope, receive, send)
