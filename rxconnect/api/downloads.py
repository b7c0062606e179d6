"""Endpoints for file downloads. A caller who gets no file gets a plain page that says why, or a page that comes first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain, islice
from urllib.parse import quote

import structlog
from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from rxconnect import db, routes
from rxconnect.api import cookies
from rxconnect.api.replies import plain_page, see_other
from rxconnect.documents.paper import PANGO, CannotPrint
from rxconnect.domain import refusals
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import NotFound, NotSignedIn, PasswordNeeded, Throttled
from rxconnect.i18n import _, language, using_language
from rxconnect.services.accounts import throttle
from rxconnect.world import current, own

log = structlog.get_logger()

# A receipt takes a tenth of a second of CPU time, a long statement two seconds.
_PDFS_PER_HOUR = 60
PDF, CSV, ZIP = "application/pdf", "text/csv; charset=utf-8; header=present", "application/zip"
# The parts of a long file, such as its lines, that are sent at once.
_PARTS_AT_ONCE = 500
# Printing is CPU-bound, so one at a time is as fast and leaves the interpreter to other requests.
_printer = CapacityLimiter(1)


@dataclass(frozen=True, slots=True)
class File:
    """A file to download. `name` is its name in the browser. A long one is sent in parts, as they are read."""

    name: str
    media_type: str
    content: bytes | Iterator[bytes]


Make = Callable[[], File]


def download(
    find: Callable[[Request], Make], page: Callable[[Request], str] = lambda request: request.url.path
) -> Callable[[Request], Awaitable[Response]]:
    """Make an endpoint: `find` fetches the caller's data and returns a function that makes the file.

    Both run in worker threads, files one at a time. `page` is the address of the page with the same data.
    """

    async def endpoint(request: Request) -> Response:
        try:
            return await answer(request)
        except (NotSignedIn, PasswordNeeded) as error:
            # No download of a family needs a password that was just given.
            form = routes.SIGN_IN if isinstance(error, NotSignedIn) else routes.STAFF_CONFIRM
            return see_other(routes.with_query(form, next=page(request)))
        except (NotFound, Throttled, CannotPrint) as error:
            with using_language(getattr(request.state, "language", language())):
                return _page_without_file(error)

    async def answer(request: Request) -> Response:
        make = await to_thread.run_sync(find, request)
        file = await to_thread.run_sync(make, limiter=_printer)
        if isinstance(file.content, bytes):
            return Response(file.content, media_type=file.media_type, headers=_headers(file))
        # The first chunk of a long file, before the answer begins: what fails until then is told on a page.
        chunks = _in_chunks(file.content)
        beginning = await to_thread.run_sync(next, chunks, b"")
        return StreamingResponse(chain([beginning], chunks), media_type=file.media_type, headers=_headers(file))

    return endpoint


def _in_chunks(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks, since every chunk takes a turn of a worker thread."""
    while chunk := b"".join(islice(parts, _PARTS_AT_ONCE)):
        yield chunk


def for_actor(kind: ActorKind, find: Callable[[Actor, Request], Make]) -> Callable[[Request], Make]:
    """Make a `find` for `download`: it passes on the signed-in account of this kind, and sets the account's language."""

    def found(request: Request) -> Make:
        actor = _actor(request, kind)
        request.state.language = spoken = actor.language or language()
        with using_language(spoken):
            make = find(actor, request)

        def made() -> File:
            with using_language(spoken):
                file = make()
            if isinstance(file.content, bytes):
                return file
            return replace(file, content=_in_language(spoken, file.content))

        return made

    return found


def _in_language(spoken: str, parts: Iterator[bytes]) -> Iterator[bytes]:
    """The same parts, each made in this language. They are made long after the file was begun, each in another context."""
    while True:
        with using_language(spoken):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _actor(request: Request, kind: ActorKind) -> Actor:
    actor = cookies.actor_of(request)
    if actor is None:
        raise NotSignedIn
    if actor.kind is not kind:
        raise NotFound("page")
    return actor


def count_pdf(who: str) -> None:
    """Count a PDF before it is queued. Raises `Throttled`.

    The installation's own database counts also the PDFs of demo sessions, since some seats may not write in their world.
    """
    key = who if current().is_own else f"{current().name} {who}"
    with own().bound():
        db.write(throttle.count_attempt, "pdf", key, _PDFS_PER_HOUR, timedelta(hours=1))


def _headers(file: File) -> dict[str, str]:
    return {"Content-Disposition": _disposition(file.name), "Cache-Control": "no-store"}


def _disposition(name: str) -> str:
    """The header that names a file (RFC 6266): in ASCII, and as it is if that differs. Names hold no quotes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub("-{2,}", "-", plain)
    encoded = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'attachment; filename="{plain}"{encoded}'


def _page_without_file(error: NotFound | Throttled | CannotPrint) -> Response:
    if isinstance(error, CannotPrint):
        return _cannot_print(error)
    if isinstance(error, Throttled):
        return plain_page(
            _("Not so fast"), _("Those were many files in a short time. Please try again in an hour."), 429
        )
    return plain_page(_("Not found"), refusals.sentence(error), 404)


def _cannot_print(error: CannotPrint) -> Response:
    log.error("cannot make a PDF: install Pango", packages=" ".join(PANGO), reason=str(error))
    sentence = _(
        "This server cannot make PDFs at the moment. Nothing is lost: the page that you came from shows the same, "
        "and your browser can print it."
    )
    return plain_page(_("No PDF just now"), sentence, 503)
