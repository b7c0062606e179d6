"""Files of demo sessions: the summary as a PDF, and the scenarios that come with the product, to write one's own by."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route

from rxconnect import routes
from rxconnect.api.downloads import File, Make, download
from rxconnect.demo import scenarios
from rxconnect.domain.errors import NotFound

_TOML = "application/toml; charset=utf-8"


def _scenario(request: Request) -> Make:
    key = request.path_params["key"]
    text = scenarios.texts().get(key)
    if text is None:
        raise NotFound("scenario")
    return lambda: File(f"RxConnect-{key}.toml", _TOML, text.encode())


ROUTES = [
    Route(routes.pattern(routes.DEMO_SCENARIO), download(_scenario)),
]
