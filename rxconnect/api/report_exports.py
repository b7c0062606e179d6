"""Downloads of reports: as CSV, as a PDF that was made in the background, and for public-records requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from starlette.requests import Request
from starlette.routing import Route

from rxconnect import db, routes
from rxconnect.api.downloads import CSV, PDF, File, Make, download, for_actor
from rxconnect.documents.reports import letters_csv, report_csv
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.reports import AskedReport
from rxconnect.services.reports import prints, public_records, reports


def _table(actor: Actor, request: Request) -> Make:
    report = _ask(actor, request, AuditKind.REPORT_EXPORTED, "csv")

    def lines() -> Iterator[bytes]:
        yield from report_csv(report, reports.figures(report))

    return lambda: File(f"RxConnect-report-{report.key}-{report.period.text}.csv", CSV, lines())


def _records(actor: Actor, request: Request) -> Make:
    report = _ask(actor, request, AuditKind.RECORDS_EXPORTED)
    lines = letters_csv(report, public_records.redacted_letters(report))
    return lambda: File(f"RxConnect-letters-{report.key}-{report.period.text}.csv", CSV, lines)


def _ask(actor: Actor, request: Request, kind: AuditKind, form: str = "") -> AskedReport:
    """The report in the address, which is recorded. To anybody else, there is nothing at this address."""
    facility_id = whole_number(request.query_params.get("facility", ""))
    period = request.query_params.get("period", "")[:40]
    try:
        return db.write(reports.ask, actor, facility_id, period, kind, form)
    except NotAllowed:
        raise NotFound("page") from None


def _pdf(actor: Actor, request: Request) -> Make:
    print_id = whole_number(request.path_params["print_id"])
    if print_id is None:
        raise NotFound("report")
    # A write, since the download is recorded.
    printed = db.write(prints.download, actor, print_id)
    return lambda: File(f"RxConnect-report-{printed.name}.pdf", PDF, printed.pdf)


def _route(path: str, find: Callable[[Actor, Request], Make]) -> Route:
    endpoint = download(for_actor(ActorKind.STAFF, find), lambda _request: routes.REPORTS)
    return Route(routes.starlette_pattern(path), endpoint)


ROUTES = [
    _route(routes.REPORT_CSV, _table),
    _route(routes.PUBLIC_RECORDS, _records),
    _route(routes.REPORT_PDF, _pdf),
]
