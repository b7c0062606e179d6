"""HTTP beside the app: forms that browsers post by themselves, files to download, health, and the security of every response."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from rxconnect.api.account_forms import form_routes
from rxconnect.api.built_pages import BuiltPages
from rxconnect.api.drafts import ROUTES as DRAFTS
from rxconnect.api.health import apology, health
from rxconnect.api.receipts import ROUTES as RECEIPTS
from rxconnect.api.security import OwnFormsOnly, SecurityHeaders
from rxconnect.api.socket_identity import SocketIdentity


def wrap(app: ASGIApp, *, static_dir: Path, extra_routes: list[Route]) -> ASGIApp:
    """The Reflex `app` with our routes before it and our security around it. `static_dir` is its built frontend."""
    pages = BuiltPages(static_dir)
    front = pages.without_detours(app)
    own = Starlette(
        routes=[
            *form_routes(pages, front),
            Route("/health", health),
            *DRAFTS,
            *RECEIPTS,
            *extra_routes,
            Mount("/", front),
        ],
        exception_handlers={Exception: apology},
    )
    return SecurityHeaders(OwnFormsOnly(SocketIdentity(own)), pages)
