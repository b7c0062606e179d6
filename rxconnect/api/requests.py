"""The first to see a request and the last to see its error: each has an id in the log, and none fails without a word."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rxconnect import logs
from rxconnect.api.apologies import apology
from rxconnect.api.callers import address_of


class Requests:
    """Names each request in the log, and apologises for what nobody expected: once, so that the server need not."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, has_begun = Request(scope), False
        logs.begin(request=secrets.token_hex(6), address=address_of(request))

        async def noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            answer = apology(request, error)
            if not has_begun:
                await answer(scope, receive, send)
