"""Downloads of demo sessions: the summary as a PDF, and the built-in scenarios, as examples for new ones."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route

from rxconnect import db, routes
from rxconnect.api.callers import address_of
from rxconnect.api.downloads import PDF, File, Make, count_pdf, download
from rxconnect.demo import scenarios, summaries
from rxconnect.documents.demos import summary_pdf
from rxconnect.domain.errors import NotFound

_TOML = "application/toml; charset=utf-8"


def _find_summary(request: Request) -> Make:
    summary = db.read(summaries.summary, request.path_params["number"])
    count_pdf(address_of(request))
    return lambda: File(f"RxConnect-demo-{summary.number}.pdf", PDF, summary_pdf(summary))


def _find_scenario(request: Request) -> Make:
    key = request.path_params["key"]
    text = scenarios.texts().get(key)
    if text is None:
        raise NotFound("scenario")
    return lambda: File(f"RxConnect-{key}.toml", _TOML, text.encode())


ROUTES = [
    Route(routes.starlette_pattern(routes.DEMO_SUMMARY_PDF), download(_find_summary)),
    Route(routes.starlette_pattern(routes.DEMO_SCENARIO), download(_find_scenario)),
]
