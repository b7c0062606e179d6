"""Receipts to take away: as PDF, as a table, and a year of them. Everyone gets their own, and nobody learns of others'."""

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
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import NotFound, NotSignedIn, Throttled
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.receipts import Filter
from rxconnect.services.accounts import throttle
from rxconnect.services.books import receipt_history, statements
from rxconnect.services.purchases import receipts

log = structlog.get_logger()

# Each costs a tenth of a second of a processor, a long statement two.
_PDFS_PER_HOUR = 60
_PDF, _CSV = "application/pdf", "text/csv; charset=utf-8; header=present"
# Printing computes, so one after another is as soon done as all at once, and leaves the interpreter to everybody else.
_printer = CapacityLimiter(1)


@dataclass(frozen=True, slots=True)
class File:
    """Something to download: `name` as the browser is to call it."""

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
    """Count a PDF before it waits for its turn. Raises `Throttled`."""
    db.write(throttle.allow, "pdf", str(actor.account_id), _PDFS_PER_HOUR, timedelta(hours=1))


def _download(
    read: Callable[[Actor, Request], Callable[[], File]], page: Callable[[Request], str]
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint: `read` fetches what is the caller's own and answers how to make the file. `page` shows the same.

    Both run in worker threads, and files are made one at a time.
    """

    async def endpoint(request: Request) -> Response:
        try:
            make = await to_thread.run_sync(lambda: read(_actor(request), request))
            file = await to_thread.run_sync(make, limiter=_printer)
        except NotSignedIn:
            return see_other(routes.with_query(routes.SIGN_IN, next=page(request)))
        except NotFound as error:
            return plain_page(
                "Not found", f"We could not find this {error.what}. It may belong to another account.", 404
            )
        except Throttled:
            return plain_page("Not so fast", "Those were many PDFs in a short time. Please try again in an hour.", 429)
        except CannotPrint as error:
            return _no_printer(error)
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


def _no_printer(error: CannotPrint) -> Response:
    log.error("cannot make a PDF: install Pango", packages=" ".join(PANGO), reason=str(error))
    sentence = (
        "This server cannot make PDFs at the moment. Nothing is lost: the page that you came from shows the same, "
        "and your browser can print it."
    )
    return plain_page("No PDF just now", sentence, 503)


ROUTES = [
    Route(
        routes.pattern(routes.RECEIPT_PDF),
        _download(_receipt, lambda request: routes.fill(routes.RECEIPT, request.path_params["number"])),
    ),
    Route(routes.RECEIPTS_CSV, _download(_history, lambda _request: routes.RECEIPTS)),
    Route(
        routes.pattern(routes.STATEMENT_PDF),
        _download(_statement, lambda request: routes.fill(routes.STATEMENT, request.path_params["year"])),
    ),
]
