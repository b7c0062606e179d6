"""Pages with a native form, which the browser posts itself. They work without any script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from rxconnect import routes
from rxconnect.api import replies, words
from rxconnect.api.built_pages import BuiltPages
from rxconnect.api.filled_page import fill_page
from rxconnect.domain.accounts import EMAIL_MAX, NAME_MAX, PASSWORD_MAX
from rxconnect.domain.demo import SCENARIO_MAX
from rxconnect.domain.errors import FormTooLong, Invalid, NotSignedIn, RxConnectError
from rxconnect.domain.problems import Fact, Problem

Fields = dict[str, str]
# Handles a posted form in a worker thread and returns the next page. Raises our own errors.
Submit = Callable[[Request, Fields], Response]

# The longest sensible value of each field in characters; `_LONGEST` is for any other.
LONGEST = {
    "email": EMAIL_MAX,
    "name": NAME_MAX,
    "password": PASSWORD_MAX,
    "new_password": PASSWORD_MAX,
    "current_password": PASSWORD_MAX,
    "next": 500,
    "token": 100,
    "own_scenario": SCENARIO_MAX,
}
_LONGEST = 250
# The server reads this many times more, as services first trim blanks and compose accents, and then check the length.
_LEEWAY = 4
# Fields that may come in the address, such as the token of an emailed link, or the code of a demo session.
_FROM_QUERY = ("next", "token", "code")
# Fields that are shown again after a refusal. Passwords are not.
_SHOWN_AGAIN = ("email", "name", "scenario", "own_scenario", "guests", "kind", *_FROM_QUERY)
# Hashing a password takes 19 MiB and a core, so excess requests wait here instead of using up the worker threads.
_few_at_a_time = CapacityLimiter(4)


def form_page(path: str, submit: Submit, pages: BuiltPages, app: ASGIApp) -> Route:
    """The route of the page at `path`: GET shows it, with values from the address; POST submits its form."""

    async def endpoint(request: Request) -> Response | ASGIApp:
        fields, _ = _limited({name: request.query_params[name] for name in _FROM_QUERY if name in request.query_params})
        return await post(request, fields) if request.method == "POST" else show(request, fields)

    def show(request: Request, fields: Fields) -> Response | ASGIApp:
        notice = words.notice(path, request.query_params)
        html = pages.html(path)
        if html is None or not (fields or notice):
            return app
        return replies.page(request, fill_page(html, fields, {}, notice))

    async def post(request: Request, fields: Fields) -> Response:
        try:
            posted = await _read(request)
            given, problems = _limited(posted)
            fields |= given
            if problems:
                # Show typed text again in full, but not the fields that users do not type.
                typed = {name: text for name, text in posted.items() if name not in _FROM_QUERY}
                return refuse(request, fields | typed, Invalid(**problems))
            return await to_thread.run_sync(submit, request, fields, limiter=_few_at_a_time)
        except NotSignedIn:
            return replies.see_other(routes.with_query(routes.SIGN_IN, next=path, done="ended"))
        except RxConnectError as error:
            return refuse(request, fields, error)

    def refuse(request: Request, fields: Fields, error: RxConnectError) -> Response:
        values = {name: fields[name] for name in _SHOWN_AGAIN if name in fields}
        html = pages.html(path) or ""
        # A field that this page does not have was added by hand. Its sentence is shown above the form.
        problems = {
            name if f"{name}-problem" in html else "form": sentence for name, sentence in words.problems(error).items()
        }
        return replies.page(request, fill_page(html, values, problems), words.status(error), words.headers(error))

    return Route(path, endpoint, methods=["GET", "POST"])


async def _read(request: Request) -> Fields:
    """The fields of a posted form. Raises `FormTooLong`."""
    body = (await request.body()).decode(errors="replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=50))
    except ValueError:
        raise FormTooLong from None


def _limited(given: Mapping[str, str]) -> tuple[Fields, dict[str, Fact]]:
    """The fields, cut to the longest that our forms need, and a problem for each that was longer.

    This runs before any other work on a text, much of which is far slower for a long one. A field that users do not
    type is left out when it is too long, as it cannot be right.
    """
    too_long = {name for name, text in given.items() if len(text) > _size_limit(name)}
    fields = {
        name: text[: _size_limit(name)] for name, text in given.items() if name not in too_long & set(_FROM_QUERY)
    }
    problems = {
        name if name in LONGEST else "form": Problem.TOO_LONG(most=LONGEST.get(name, _LONGEST), length=len(given[name]))
        for name in fields
        if name in too_long
    }
    return fields, problems


def _size_limit(name: str) -> int:
    return LONGEST.get(name, _LONGEST) * _LEEWAY
