"""The language of each request, and the form that changes it.

It is the one in the cookie, else the browser's. Signing in sets the cookie to the account's language, so that no page
needs a query for it. A socket has the language of the page that opens it, as another tab may have changed the cookie.
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
    """Middleware that binds the request's language."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        offered, headers = settings().spoken, Headers(scope=scope)
        chosen = _socket_language(scope) or sign_ins.cookie_value(headers.get("cookie", ""), _cookie_name())
        language = i18n.negotiate(offered, chosen=chosen, accepted=headers.get("accept-language", ""))

        async def varying(message: Message) -> None:
            if message["type"] == "http.response.start" and not scope["path"].startswith("/assets/"):
                MutableHeaders(scope=message).add_vary_header("Accept-Language, Cookie")
            await send(message)

        with i18n.using_language(language):
            await self._app(scope, receive, varying if len(offered) > 1 else send)


def set_language_cookie(response: Response, language: str) -> None:
    """Store the chosen language in a cookie, if there is more than one."""
    if language in settings().spoken and len(settings().spoken) > 1:
        age, secure = int(_LASTS.total_seconds()), settings().is_https
        response.set_cookie(_cookie_name(), language, max_age=age, secure=secure, httponly=True, samesite="lax")


def remove_language_cookie(response: Response) -> None:
    """Make the browser delete the chosen language, which the next person at a kiosk has not chosen."""
    response.delete_cookie(_cookie_name(), secure=settings().is_https, httponly=True, samesite="lax")


async def _change_language(request: Request) -> Response:
    """Change the language of this browser and of the signed-in account, then show the same page again."""
    language = (await request.body()).decode(errors="replace").removeprefix("language=")
    page = urlsplit(request.headers.get("referer", ""))
    response = see_other(local_path(page._replace(scheme="", netloc="", fragment="").geturl()) or routes.HOME)
    if language in settings().spoken:
        await run_in_threadpool(_store_in_account, request, language)
        set_language_cookie(response, language)
    return response


def _store_in_account(request: Request, language: str) -> None:
    page = urlsplit(request.headers.get("referer", "")).path
    actor = cookies.kiosk_actor_of(request) if routes.is_of_kiosk(page) else cookies.actor_of(request)
    if actor:
        db.write(accounts.choose_language, actor, language)


def _socket_language(scope: Scope) -> str:
    """The language that a page gives when it opens its socket, "" for any other request."""
    return QueryParams(scope["query_string"]).get("language", "") if scope["type"] == "websocket" else ""


def _cookie_name() -> str:
    """The cookie's name, with the same prefix as the sign-in's."""
    return "__Host-rxconnect-language" if settings().is_https else "rxconnect-language"


ROUTES = [Route(routes.LANGUAGE, _change_language, methods=["POST"])]
