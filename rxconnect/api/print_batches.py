"""Downloads for staff: a print batch as a PDF."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route

from rxconnect import db, routes
from rxconnect.api.downloads import PDF, File, Make, count_pdf, download, for_actor
from rxconnect.documents.print_batches import print_batch_pdf
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import NotFound
from rxconnect.domain.numbers import whole_number
from rxconnect.services.paper import batches


def _batch(actor: Actor, request: Request) -> Make:
    batch_id = whole_number(request.path_params["batch_id"])
    if batch_id is None:
        raise NotFound("batch")
    # Before it is recorded that the letters were seen, since whoever has made too many gets none.
    count_pdf(str(actor.account_id))
    # A write, since it records that the letters were seen.
    batch = db.write(batches.for_print, actor, batch_id)
    return lambda: File(f"RxConnect-print-{batch.id}.pdf", PDF, print_batch_pdf(batch))


ROUTES = [
    Route(
        routes.starlette_pattern(routes.PRINT_PDF),
        download(for_actor(ActorKind.STAFF, _batch), lambda _request: routes.PRINT),
    )
]
