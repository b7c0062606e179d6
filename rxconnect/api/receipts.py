"""Downloads: receipts and yearly statements as PDF, the history as a table. An account gets only its own."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.routing import Route

from rxconnect import db, routes
from rxconnect.api.downloads import CSV, PDF, File, Make, count_pdf, download, for_actor
from rxconnect.documents.history import history_csv
from rxconnect.documents.receipts import receipt_pdf
from rxconnect.documents.statements import statement_pdf
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.receipts import Filter
from rxconnect.services.books import receipt_history, statements
from rxconnect.services.purchases import receipts


def _find_receipt(actor: Actor, request: Request) -> Make:
    receipt = db.read(receipts.get, actor, request.path_params["number"])
    name = f"RxConnect-receipt-{receipt.number}.pdf"
    count_pdf(str(actor.account_id))
    return lambda: File(name, PDF, receipt_pdf(receipt))


def _find_statement(actor: Actor, request: Request) -> Make:
    statement = db.read(statements.get, actor, whole_number(request.path_params["year"]))
    count_pdf(str(actor.account_id))
    return lambda: File(f"RxConnect-statement-{statement.year}.pdf", PDF, statement_pdf(statement))


def _find_history(actor: Actor, request: Request) -> Make:
    chosen = {name: request.query_params.get(name, "") for name in ("facility", "year", "kind")}
    wanted = Filter.parse(**chosen)
    content = history_csv(db.read(receipt_history.movements, actor, wanted))
    name = "-".join(["RxConnect-receipts", *(str(part) for part in (wanted.year, wanted.kind) if part)])
    return lambda: File(f"{name}.csv", CSV, content)


def _for_signed_in_family(find: Callable[[Actor, Request], Make]) -> Callable[[Request], Make]:
    return for_actor(ActorKind.FAMILY, find)


ROUTES = [
    Route(
        routes.starlette_pattern(routes.RECEIPT_PDF),
        download(
            _for_signed_in_family(_find_receipt),
            lambda request: routes.fill(routes.RECEIPT, request.path_params["number"]),
        ),
    ),
    Route(routes.RECEIPTS_CSV, download(_for_signed_in_family(_find_history), lambda _request: routes.RECEIPTS)),
    Route(
        routes.starlette_pattern(routes.STATEMENT_PDF),
        download(
            _for_signed_in_family(_find_statement),
            lambda request: routes.fill(routes.STATEMENT, request.path_params["year"]),
        ),
    ),
]
