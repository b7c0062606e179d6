"""The language of each request, and the form that changes it.

It is the one in the cookie, else the browser's. Signing in sets the cookie to the account's language, so that no page
needs a query for it; a language that was chosen on the page before comes with the sign-in. A seat in a demo session has a
language of its own (`worlds.py`). A socket has the language of the page that opens it, as another tab may have changed the cookie.
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
from rxconnect.demo import seats
from rxconnect.domain.accounts import Actor
from rxconnect.services.accounts import accounts, sign_ins
from rxconnect.world import own

_LASTS = timedelta(days=400)
# A choice at a shared tablet is that of whoever signs in next, not of the one after.
_LASTS_AT_KIOSK = timedelta(minutes=10)
# What the cookie ends in when somebody chose the language who was not signed in. Their account takes it over.
_CHOSEN = ".chosen"


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
        language = i18n.negotiate(
            offered, chosen=chosen.removesuffix(_CHOSEN), accepted=headers.get("accept-language", "")
        )

        async def varying(message: Message) -> None:
            if message["type"] == "http.response.start" and not scope["path"].startswith("/assets/"):
                MutableHeaders(scope=message).add_vary_header("Accept-Language, Cookie")
            await send(message)

        with i18n.using_language(language):
            await self._app(scope, receive, varying if len(offered) > 1 else send)


def set_language_cookie(response: Response, language: str) -> None:
    """Store the chosen language in a cookie, if there is more than one."""
    if language in settings().spoken and len(settings().spoken) > 1:
        _set_cookie(response, language, _LASTS)


def remove_language_cookie(response: Response) -> None:
    """Make the browser delete the chosen language, which the next person at a kiosk has not chosen."""
    response.delete_cookie(_cookie_name(), secure=settings().is_https, httponly=True, samesite="lax")


def bring_language(request: Request, response: Response, actor: Actor) -> None:
    """Give the browser the language of the account that signs in, or the account the one that was just chosen here."""
    kept = _kept(request)
    language = kept.removesuffix(_CHOSEN)
    if kept.endswith(_CHOSEN) and language in settings().spoken:
        db.write(accounts.choose_language, actor, language)
        set_language_cookie(response, language)
    else:
        set_language_cookie(response, actor.language)


def offer_language(response: Response, language: str) -> None:
    """Begin with this language at a kiosk that nobody uses, or with the browser's own if it is not offered."""
    remove_language_cookie(response)
    set_language_cookie(response, language)


def lacks_language(request: Request, language: str) -> bool:
    """Whether a kiosk, whose facility writes in this language, shows another one that nobody has chosen."""
    return language in settings().spoken and language != i18n.language() and not _kept(request)


def choose(request: Request, response: Response, language: str, *, at_kiosk: bool = False) -> None:
    """Keep a choice in the seat or the account, if there is one, and else in the browser until somebody signs in."""
    if seat := request.scope.get("seat"):
        with own().bound():
            db.write(seats.choose_language, seat, language)
    elif actor := cookies.kiosk_actor_of(request) if at_kiosk else cookies.actor_of(request):
        db.write(accounts.choose_language, actor, language)
        set_language_cookie(response, language)
    else:
        _set_cookie(response, language + _CHOSEN, _LASTS_AT_KIOSK if at_kiosk else _LASTS)


async def _change_language(request: Request) -> Response:
    """Change the language of this browser and of the signed-in account, then show the same page again."""
    language = (await request.body()).decode(errors="replace").removeprefix("language=")
    page = urlsplit(request.headers.get("referer", ""))
    response = see_other(local_path(page._replace(scheme="", netloc="", fragment="").geturl()) or routes.HOME)
    if language in settings().spoken:
        await run_in_threadpool(choose, request, response, language, at_kiosk=routes.is_of_kiosk(page.path))
    return response


def _kept(request: Request) -> str:
    return sign_ins.cookie_value(request.headers.get("cookie", ""), _cookie_name())


def _set_cookie(response: Response, value: str, lasts: timedelta) -> None:
    age, secure = int(lasts.total_seconds()), settings().is_https
    response.set_cookie(_cookie_name(), value, max_age=age, secure=secure, httponly=True, samesite="lax")


def _socket_language(scope: Scope) -> str:
    """The language that a page gives when it opens its socket, "" for any other request."""
    return QueryParams(scope["query_string"]).get("language", "") if scope["type"] == "websocket" else ""


def _cookie_name() -> str:
    """The cookie's name, with the same prefix as the sign-in's."""
    return "__Host-rxconnect-language" if settings().is_https else "rxconnect-language"


ROUTES = [Route(routes.LANGUAGE, _change_language, methods=["POST"])]
