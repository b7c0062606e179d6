"""Pages with a native form, which the browser posts itself. They work without any script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from rxconnect import routes
from rxconnect.api import cookies, languages, replies, words
from rxconnect.api.bodies import LongBody
from rxconnect.api.built_pages import BuiltPages
from rxconnect.api.filled_page import fill_page
from rxconnect.config import settings
from rxconnect.domain.accounts import EMAIL_MAX, NAME_MAX, PASSWORD_MAX
from rxconnect.domain.demo import SCENARIO_MAX
from rxconnect.domain.errors import (
    FormTooLong,
    Invalid,
    NotSignedIn,
    PasswordNeeded,
    ReopeningNeeded,
    RxConnectError,
    SecondStepNeeded,
    Unavailable,
)
from rxconnect.domain.kiosk import CODE_MAX, NUMBER_MAX, PIN_MAX
from rxconnect.domain.problems import Fact, Problem
from rxconnect.i18n import bind_language

Fields = dict[str, str]
# Handles a posted form in a worker thread and returns the next page. Raises our own errors.
Submit = Callable[[Request, Fields], Response]


@dataclass(frozen=True, slots=True)
class Filling:
    """What the server fills into a page: the values of inputs by name, and slots by their id."""

    values: Fields = field(default_factory=dict)
    slots: Mapping[str, str] = field(default_factory=dict)


# Looks in a worker thread at who asks for a page, and returns what to fill in, or another page to go to.
Prepare = Callable[[Request], Filling | Response]

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
    "one_time_code": 40,
    "device_code": CODE_MAX,
    "number": NUMBER_MAX,
    "pin": PIN_MAX,
    "new_pin": PIN_MAX,
    "pin_again": PIN_MAX,
    # What a browser sends for a passkey, as JSON. With the leeway below this is a few times of what they do send.
    "credential": 4_000,
}
_LONGEST = 250
# The server reads this many times more, as services first trim blanks and compose accents, and then check the length.
_LEEWAY = 4
# Fields that may come in the address, such as the token of an emailed link, or the code of a demo session.
_FROM_QUERY = ("next", "token", "code")
# Fields that are shown again after a refusal. Passwords are not.
_SHOWN_AGAIN = ("email", "name", "scenario", "own_scenario", "guests", "kind", *_FROM_QUERY)
# More fields that stand there again when only the language of the page changes.
_KEPT_IN_ANOTHER_LANGUAGE = (*_SHOWN_AGAIN, "number", "device_code")
# Hashing a password takes 19 MiB and a core, so excess requests wait here instead of using up the worker threads.
_few_at_a_time = CapacityLimiter(4)


def form_page(
    path: str,
    submit: Submit,
    pages: BuiltPages,
    app: ASGIApp,
    prepare: Prepare = lambda _request: Filling(),
    *,
    upload: LongBody | None = None,
) -> Route:
    """The route of the page at `path`: GET shows it, with values from the address; POST submits its form.

    What `prepare` returns is filled in at both. With `upload`, the form has a file (`uploaded`), and may be as large.
    """
    page = _FormPage(path, submit, pages, app, prepare, has_file=upload is not None)

    async def endpoint(request: Request) -> Response | ASGIApp:
        fields, _ = _cut_to_limits(
            {name: request.query_params[name] for name in _FROM_QUERY if name in request.query_params}
        )
        try:
            if request.method != "POST":
                return await page.get(request, fields)
            answer = await page.post(request, fields)
        except (NotSignedIn, PasswordNeeded, SecondStepNeeded, ReopeningNeeded) as error:
            answer = _lead_on(path, fields, error)
        return replies.for_script(answer) if replies.is_asked_by_script(request) else answer

    endpoint.long_body = upload  # type: ignore[attr-defined]
    return Route(path, endpoint, methods=["GET", "POST"])


def filled_page(path: str, pages: BuiltPages, app: ASGIApp, prepare: Prepare = lambda _request: Filling()) -> Route:
    """The route of a page without a form: the server fills in its notice, and what `prepare` returns."""

    async def endpoint(request: Request) -> Response | ASGIApp:
        return await _filled(path, pages, app, prepare, request, {})

    return Route(path, endpoint)


async def _filled(
    path: str, pages: BuiltPages, app: ASGIApp, prepare: Prepare, request: Request, fields: Fields
) -> Response | ASGIApp:
    made = await to_thread.run_sync(prepare, request)
    if isinstance(made, Response):
        return made
    notice = words.notice(path, request.query_params)
    html = pages.html(path)
    if html is None or not (fields or notice or made.values or made.slots):
        return app
    return replies.page(request, fill_page(html, made.values | fields, {}, notice, made.slots))


@dataclass(frozen=True, slots=True)
class _FormPage:
    path: str
    submit: Submit
    pages: BuiltPages
    app: ASGIApp
    prepare: Prepare
    has_file: bool = False

    async def get(self, request: Request, fields: Fields) -> Response | ASGIApp:
        return await _filled(self.path, self.pages, self.app, self.prepare, request, fields)

    async def post(self, request: Request, fields: Fields) -> Response:
        """Submit the form. Adds its fields to `fields`."""
        try:
            posted = await (_read_form_with_file(request) if self.has_file else _read_form(request))
            given, problems = _cut_to_limits(posted)
            fields |= given
            if problems:
                # Show typed text again in full, but not the fields that users do not type.
                typed = {name: text for name, text in posted.items() if name not in _FROM_QUERY}
                return await self._refuse(request, fields | typed, Invalid(**problems))
            if posted.get("language") in settings().spoken:
                return await self._show_in(request, posted["language"], fields | posted)
            return await to_thread.run_sync(self.submit, request, fields, limiter=_few_at_a_time)
        except (NotSignedIn, PasswordNeeded, SecondStepNeeded, ReopeningNeeded):
            raise
        except RxConnectError as error:
            return await self._refuse(request, fields, error)

    async def _show_in(self, request: Request, language: str, fields: Fields) -> Response:
        """Show the page in another language, with what was typed, also before any script has loaded."""
        # For the rest of this request: the headers name the scripts of the page in this language.
        bind_language(language)
        made = await to_thread.run_sync(self.prepare, request)
        if isinstance(made, Response):
            response = made
        else:
            typed = {name: fields[name] for name in _KEPT_IN_ANOTHER_LANGUAGE if name in fields}
            notice = words.notice(self.path, request.query_params)
            filled = fill_page(self.pages.html(self.path) or "", made.values | typed, {}, notice, made.slots)
            response = replies.page(request, filled)
        await to_thread.run_sync(
            partial(languages.choose, at_kiosk=routes.is_of_kiosk(self.path)), request, response, language
        )
        return response

    async def _refuse(self, request: Request, fields: Fields, error: RxConnectError) -> Response:
        made = await to_thread.run_sync(self.prepare, request)
        if isinstance(made, Response):
            return made
        values = {name: fields[name] for name in _SHOWN_AGAIN if name in fields}
        html = self.pages.html(self.path) or ""

        def place(name: str) -> str:
            # A field that this page does not have was added by hand. Its sentence is shown above the form.
            return name if f"{name}-problem" in html else "form"

        problems = {place(name): sentence for name, sentence in words.problems(error).items()}
        links = {place(name): link for name, link in words.links(error, fields.get("next", "")).items()}
        status, headers = words.http_status(error), words.http_headers(error)
        if replies.is_asked_by_script(request):
            return replies.refusal_for_script(problems, links, status, headers)
        filled = fill_page(html, made.values | values, problems, slots=made.slots, links=links)
        return replies.page(request, filled, status, headers)


def _lead_on(
    path: str, fields: Fields, error: NotSignedIn | PasswordNeeded | SecondStepNeeded | ReopeningNeeded
) -> Response:
    """Another page that comes first: to sign in, to confirm the password, to give the second factor, or to reopen."""
    if isinstance(error, NotSignedIn):
        return replies.see_other(routes.with_query(routes.SIGN_IN, next=path, done="ended"))
    if isinstance(error, PasswordNeeded):
        # Only staff are sent there from a form.
        return replies.see_other(routes.with_query(routes.STAFF_CONFIRM, next=path))
    following = fields.get("next", "")
    step = routes.REOPEN if isinstance(error, ReopeningNeeded) else routes.SECOND_STEP
    address = routes.with_query(step, next=following) if following else step
    response = replies.see_other(address)
    cookies.set_step(response, error.token)
    return response


async def _read_form(request: Request) -> Fields:
    """The fields of a posted form. Raises `FormTooLong`."""
    body = (await request.body()).decode(errors="replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=50))
    except ValueError:
        raise FormTooLong from None


async def _read_form_with_file(request: Request) -> Fields:
    """As `_read_form`, for a form with one file, whose content `uploaded` returns."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise FormTooLong
    try:
        async with request.form(max_files=1, max_fields=50) as form:
            files = [value for value in form.values() if isinstance(value, UploadFile)]
            request.state.file = await files[0].read() if files else b""
            return {name: value for name, value in form.items() if isinstance(value, str)}
    except (HTTPException, MultiPartException):
        raise FormTooLong from None
    except OSError as error:
        # The form's own temporary file found no room.
        raise Unavailable(str(error)) from error


def uploaded(request: Request) -> bytes:
    """The file of a form that was posted; empty if none was chosen."""
    content: bytes = request.state.file
    return content


def _cut_to_limits(given: Mapping[str, str]) -> tuple[Fields, dict[str, Fact]]:
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
