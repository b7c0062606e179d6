"""HTTP beside the app: forms that browsers post by themselves, files to download, health, and the security of every response."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from rxconnect.api.account_forms import form_routes
from rxconnect.api.apologies import apology, come_again
from rxconnect.api.built_pages import BuiltPages
from rxconnect.api.readiness import health, ready
from rxconnect.api.receipts import ROUTES as RECEIPTS
from rxconnect.api.security import OwnFormsOnly, SecurityHeaders
from rxconnect.api.socket_door import SocketDoor
from rxconnect.domain.errors import Busy, Unavailable


def wrap(app: ASGIApp, *, static_dir: Path, extra_routes: list[Route]) -> ASGIApp:
    """The Reflex `app` with our routes before it and our security around it. `static_dir` is its built frontend."""
    pages = BuiltPages(static_dir)
    front = pages.without_detours(app)
    own = Starlette(
        routes=[
            *form_routes(pages, front),
            Route("/health", health),
            Route("/ready", ready),
            *RECEIPTS,
            *extra_routes,
            Mount("/", front),
        ],
        exception_handlers={Busy: come_again, Unavailable: come_again, Exception: apology},
    )
    return SecurityHeaders(OwnFormsOnly(SocketDoor(own)), pages)
