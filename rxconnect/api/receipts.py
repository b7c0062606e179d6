"""Downloads: receipts and yearly statements as PDF, the history as a table. An account gets only its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rxconnect import db, routes
from rxconnect.api import cookies
from rxconnect.api.replies import plain_page, see_other
from rxconnect.documents.history import history_csv
from rxconnect.documents.paper import PANGO, CannotPrint
from rxconnect.documents.receipts import receipt_pdf
from rxconnect.documents.statements import statement_pdf
from rxconnect.domain import refusals
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import NotFound, NotSignedIn, Throttled
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.receipts import Filter
from rxconnect.i18n import _, language, speaking
from rxconnect.services.accounts import throttle
from rxconnect.services.books import receipt_history, statements
from rxconnect.services.purchases import receipts

log = structlog.get_logger()

# A receipt takes a tenth of a second of CPU time, a long statement two seconds.
_PDFS_PER_HOUR = 60
_PDF, _CSV = "application/pdf", "text/csv; charset=utf-8; header=present"
# Printing is CPU-bound, so one at a time is as fast and leaves the interpreter to other requests.
_printer = CapacityLimiter(1)


@dataclass(frozen=True, slots=True)
class File:
    """A file to download. `name` is its name in the browser."""

    name: str
    media_type: str
    content: bytes


def _receipt(actor: Actor, request: Request) -> Callable[[], File]:
    receipt = db.read(receipts.get, actor, request.path_params["number"])
    name = f"RxConnect-receipt-{receipt.number}.pdf"
    _count(actor)
    return lambda: File(name, _PDF, receipt_pdf(receipt))


def _statement(actor: Actor, request: Request) -> Callable[[], File]:
    statement = db.read(statements.get, actor, whole_number(request.path_params["year"]))
    _count(actor)
    return lambda: File(f"RxConnect-statement-{statement.year}.pdf", _PDF, statement_pdf(statement))


def _history(actor: Actor, request: Request) -> Callable[[], File]:
    chosen = {name: request.query_params.get(name, "") for name in ("facility", "year", "kind")}
    wanted = Filter.read(**chosen)
    content = history_csv(db.read(receipt_history.movements, actor, wanted))
    name = "-".join(["RxConnect-receipts", *(str(part) for part in (wanted.year, wanted.kind) if part)])
    return lambda: File(f"{name}.csv", _CSV, content)


def _count(actor: Actor) -> None:
    """Count a PDF before it is queued. Raises `Throttled`."""
    db.write(throttle.allow, "pdf", str(actor.account_id), _PDFS_PER_HOUR, timedelta(hours=1))


def _download_endpoint(
    read: Callable[[Actor, Request], Callable[[], File]], page: Callable[[Request], str]
) -> Callable[[Request], Awaitable[Response]]:
    """Make an endpoint: `read` fetches the caller's data and returns a function that makes the file.

    Both run in worker threads, files one at a time. `page` is the address of the page with the same data.
    """

    async def endpoint(request: Request) -> Response:
        try:
            actor = await to_thread.run_sync(_actor, request)
            with speaking(actor.language or language()):
                make = await to_thread.run_sync(read, actor, request)
                file = await to_thread.run_sync(make, limiter=_printer)
        except NotSignedIn:
            return see_other(routes.with_query(routes.SIGN_IN, next=page(request)))
        except NotFound as error:
            return plain_page(
                _("Not found"),
                refusals.sentence(error),
                404,
            )
        except Throttled:
            return plain_page(
                _("Not so fast"), _("Those were many PDFs in a short time. Please try again in an hour."), 429
            )
        except CannotPrint as error:
            return _cannot_print(error)
        return Response(file.content, media_type=file.media_type, headers=_headers(file))

    return endpoint


def _actor(request: Request) -> Actor:
    actor = cookies.actor_of(request)
    if actor is None:
        raise NotSignedIn
    if actor.kind is not ActorKind.FAMILY:
        raise NotFound("page")
    return actor


def _headers(file: File) -> dict[str, str]:
    # Names are ours and plain ASCII, so that they need no encoding.
    return {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}


def _cannot_print(error: CannotPrint) -> Response:
    log.error("cannot make a PDF: install Pango", packages=" ".join(PANGO), reason=str(error))
    sentence = _(
        "This server cannot make PDFs at the moment. Nothing is lost: the page that you came from shows the same, "
        "and your browser can print it."
    )
    return plain_page(_("No PDF just now"), sentence, 503)


ROUTES = [
    Route(
        routes.pattern(routes.RECEIPT_PDF),
        _download_endpoint(_receipt, lambda request: routes.fill(routes.RECEIPT, request.path_params["number"])),
    ),
    Route(routes.RECEIPTS_CSV, _download_endpoint(_history, lambda _request: routes.RECEIPTS)),
    Route(
        routes.pattern(routes.STATEMENT_PDF),
        _download_endpoint(_statement, lambda request: routes.fill(routes.STATEMENT, request.path_params["year"])),
    ),
]
