"""Pages with a form that the browser posts by itself. They work before, and without, any script."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, quote

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from rxconnect import routes
from rxconnect.api import replies, words
from rxconnect.api.built_pages import BuiltPages
from rxconnect.api.filled_page import fill_page
from rxconnect.domain.errors import NotSignedIn, RxConnectError

Fields = dict[str, str]
# Does what a form asks for, in a worker thread, and answers where to go next; refuses with our own errors.
Submit = Callable[[Request, Fields], Response]

_MAX_BODY = 64 * 1024
# Fields that an address may carry, such as the token of an emailed link.
_FROM_QUERY = ("next", "token")
# Fields that are shown again after a refusal. Passwords are not.
_SHOWN_AGAIN = ("email", "name", *_FROM_QUERY)
# Hashing passwords takes 19 MiB and a core each, so a crowd waits here rather than in front of everybody's threads.
_few_at_a_time = CapacityLimiter(4)


def form_page(path: str, submit: Submit, pages: BuiltPages, app: ASGIApp) -> Route:
    """The page at `path`: GET shows it as built by `app`, filled where the address says so; POST submits its form."""

    async def endpoint(request: Request) -> Response | ASGIApp:
        fields = {name: request.query_params[name] for name in _FROM_QUERY if name in request.query_params}
        return await post(request, fields) if request.method == "POST" else show(request, fields)

    def show(request: Request, fields: Fields) -> Response | ASGIApp:
        notice = words.notice(path, request.query_params)
        html = pages.html(path)
        if html is None or not (fields or notice):
            return app
        return replies.page(request, fill_page(html, fields, {}, notice))

    async def post(request: Request, fields: Fields) -> Response:
        try:
            fields |= await _read(request)
            return await to_thread.run_sync(submit, request, fields, limiter=_few_at_a_time)
        except NotSignedIn:
            return replies.see_other(f"{routes.SIGN_IN}?next={quote(path)}&done=ended")
        except RxConnectError as error:
            return refuse(request, fields, error)

    def refuse(request: Request, fields: Fields, error: RxConnectError) -> Response:
        values = {name: fields[name] for name in _SHOWN_AGAIN if name in fields}
        html = fill_page(pages.html(path) or "", values, words.problems(error))
        return replies.page(request, html, words.status(error), words.headers(error))

    return Route(path, endpoint, methods=["GET", "POST"])


async def _read(request: Request) -> Fields:
    """The fields of a posted form. Raises `FormTooLong`."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY:
            raise words.FormTooLong
    try:
        return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=50))
    except ValueError:
        raise words.FormTooLong from None
