"""Downloads for auditors: a facility's audit chain as CSV."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route

from rxconnect import db, routes
from rxconnect.api.downloads import CSV, File, Make, download, for_actor
from rxconnect.documents.audit import audit_csv
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.audit import AuditSearch
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.numbers import whole_number
from rxconnect.services.audit import searches


def _export(actor: Actor, request: Request) -> Make:
    given = {name: request.query_params.get(name, "")[:40] for name in ("person", "kind", "day", "letter")}
    facility_id = whole_number(request.query_params.get("facility", ""))
    try:
        # A write, since the export is recorded.
        export = db.write(searches.begin_export, actor, facility_id, AuditSearch.parse(**given))
    except NotAllowed:
        raise NotFound("page") from None
    name = f"RxConnect-audit-{export.key}-{export.head.sequence}.csv"
    return lambda: File(name, CSV, audit_csv(export.facility_id, searches.exported_rows(export), export.head))


ROUTES = [Route(routes.AUDIT_CSV, download(for_actor(ActorKind.STAFF, _export), lambda _request: routes.AUDIT))]
