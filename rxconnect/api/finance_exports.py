"""The download of a facility's finances as CSV."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route

from rxconnect import db, routes
from rxconnect.api.downloads import CSV, File, Make, download, for_actor
from rxconnect.documents.finance import finance_csv
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.finance import Period
from rxconnect.domain.numbers import whole_number
from rxconnect.services.books import finance


def _export(actor: Actor, request: Request) -> Make:
    chosen = request.query_params.get("period", "")
    period = Period(chosen) if chosen in list(Period) else Period.THIS_MONTH
    try:
        # A write, since the export is recorded.
        export = db.write(finance.export, actor, period, whole_number(request.query_params.get("facility", "")))
    except NotAllowed:
        raise NotFound("page") from None
    return lambda: File(f"RxConnect-finance-{export.key}-{export.name}.csv", CSV, finance_csv(export))


ROUTES = [Route(routes.FINANCE_CSV, download(for_actor(ActorKind.STAFF, _export), lambda _request: routes.FINANCE))]
