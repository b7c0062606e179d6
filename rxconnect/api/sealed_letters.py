"""Downloads for administrators: a batch of privileged letters as a PDF."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route

from rxconnect import db, routes
from rxconnect.api.downloads import PDF, File, Make, count_pdf, download, for_actor
from rxconnect.documents.sealed_letters import sealed_letters_pdf
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.numbers import whole_number
from rxconnect.services.privilege import sealed


def _batch(actor: Actor, request: Request) -> Make:
    batch_id = whole_number(request.path_params["batch_id"])
    if batch_id is None:
        raise NotFound("batch")
    count_pdf(str(actor.account_id))
    try:
        # A write, since it records that each letter was printed.
        letters = db.write(sealed.for_print, actor, batch_id)
    except NotAllowed:
        raise NotFound("batch") from None
    return lambda: File(f"RxConnect-privileged-{batch_id}.pdf", PDF, sealed_letters_pdf(letters))


ROUTES = [
    Route(
        routes.starlette_pattern(routes.SEALED_PDF),
        download(for_actor(ActorKind.STAFF, _batch), lambda _request: routes.PRIVILEGED),
    )
]
