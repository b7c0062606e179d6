"""The language of each request, and where a person chooses another.

It is the one in the cookie, else what the browser asks for. An account's own language is in the cookie too: signing in puts
it there, so that no page has to ask the database for it. A socket speaks the language of the page that opens it: since that
page was loaded, another may have been chosen in another tab.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rxconnect import db, i18n, routes
from rxconnect.api import cookies
from rxconnect.api.replies import local_path, see_other
from rxconnect.config import settings
from rxconnect.services.accounts import accounts, sign_ins

_LASTS = timedelta(days=400)


class Languages:
    """Binds the language in which everything inside answers."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        offered, headers = settings().spoken, Headers(scope=scope)
        chosen = _of_page(scope) or sign_ins.from_cookies(headers.get("cookie", ""), _cookie_name())
        language = i18n.negotiate(offered, chosen=chosen, accepted=headers.get("accept-language", ""))

        async def varying(message: Message) -> None:
            if message["type"] == "http.response.start" and not scope["path"].startswith("/assets/"):
                MutableHeaders(scope=message).add_vary_header("Accept-Language, Cookie")
            await send(message)

        with i18n.speaking(language):
            await self._app(scope, receive, varying if len(offered) > 1 else send)


def remember(response: Response, language: str) -> None:
    """Have the browser keep the language that was chosen, where there is a choice."""
    if language in settings().spoken and len(settings().spoken) > 1:
        age, secure = int(_LASTS.total_seconds()), settings().is_https
        response.set_cookie(_cookie_name(), language, max_age=age, secure=secure, httponly=True, samesite="lax")


async def _choose(request: Request) -> Response:
    """Change the language of this browser, and of the account that is signed in here; then show the same page again."""
    language = (await request.body()).decode(errors="replace").removeprefix("language=")
    page = urlsplit(request.headers.get("referer", ""))
    response = see_other(local_path(page._replace(scheme="", netloc="", fragment="").geturl()) or routes.HOME)
    if language in settings().spoken:
        await run_in_threadpool(_keep, request, language)
        remember(response, language)
    return response


def _keep(request: Request, language: str) -> None:
    if actor := cookies.actor_of(request):
        db.write(accounts.choose_language, actor, language)


def _of_page(scope: Scope) -> str:
    """The language of the page that opens a socket, as the page says it; "" for any other request."""
    return QueryParams(scope["query_string"]).get("language", "") if scope["type"] == "websocket" else ""


def _cookie_name() -> str:
    """Named as the sign-in's cookie is, for the same reason."""
    return "__Host-rxconnect-language" if settings().is_https else "rxconnect-language"


ROUTES = [Route(routes.LANGUAGE, _choose, methods=["POST"])]
