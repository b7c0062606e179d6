"""HTTP beside the app: native forms, downloads, health checks, and the security of every response."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from rxconnect import routes
from rxconnect.api.account_forms import form_routes
from rxconnect.api.apologies import retry_later_response
from rxconnect.api.audit_exports import ROUTES as AUDIT_EXPORTS
from rxconnect.api.bodies import Bodies
from rxconnect.api.built_pages import BuiltPages
from rxconnect.api.demo_files import ROUTES as DEMO_FILES
from rxconnect.api.demo_forms import demo_routes
from rxconnect.api.drafts import ROUTES as DRAFTS
from rxconnect.api.email_forms import email_routes
from rxconnect.api.finance_exports import ROUTES as FINANCE_EXPORTS
from rxconnect.api.help_pages import help_routes
from rxconnect.api.kiosk_forms import kiosk_routes
from rxconnect.api.languages import ROUTES as LANGUAGES
from rxconnect.api.languages import Languages
from rxconnect.api.letter_exports import ROUTES as LETTER_EXPORTS
from rxconnect.api.local_address import LocalAddress
from rxconnect.api.photos import ROUTES as PHOTOS
from rxconnect.api.print_batches import ROUTES as PRINT_BATCHES
from rxconnect.api.push import ROUTES as PUSH
from rxconnect.api.readiness import health, ready
from rxconnect.api.receipts import ROUTES as RECEIPTS
from rxconnect.api.report_exports import ROUTES as REPORT_EXPORTS
from rxconnect.api.requests import Requests
from rxconnect.api.roster_uploads import ROUTES as ROSTER_UPLOADS
from rxconnect.api.sealed_letters import ROUTES as SEALED_LETTERS
from rxconnect.api.second_factor_forms import second_factor_routes
from rxconnect.api.security import OwnPagesOnly, SecurityHeaders
from rxconnect.api.socket_door import SocketDoor
from rxconnect.api.socket_outages import ReadySocketsOnly
from rxconnect.api.unsubscribe import ROUTES as UNSUBSCRIBE
from rxconnect.api.worlds import Worlds
from rxconnect.domain.errors import Busy, Unavailable


def wrap(app: ASGIApp, *, static_dir: Path, extra_routes: list[Route]) -> ASGIApp:
    """Wrap the Reflex `app` with our routes and middleware. `static_dir` is its built frontend."""
    pages = BuiltPages(static_dir)
    front = pages.without_slash_redirects(app)
    beside = [
        *form_routes(pages, front),
        *email_routes(pages, front),
        *help_routes(pages, front),
        *second_factor_routes(pages, front),
        *demo_routes(pages, front),
        *kiosk_routes(pages, front),
        *DEMO_FILES,
        Route(routes.HEALTH, health),
        Route(routes.READY, ready),
        *DRAFTS,
        *LANGUAGES,
        *RECEIPTS,
        *LETTER_EXPORTS,
        *PHOTOS,
        *PRINT_BATCHES,
        *SEALED_LETTERS,
        *ROSTER_UPLOADS,
        *AUDIT_EXPORTS,
        *REPORT_EXPORTS,
        *FINANCE_EXPORTS,
        *PUSH,
        *UNSUBSCRIBE,
        *extra_routes,
    ]
    # From the outside in.
    edge = [
        Middleware(LocalAddress),
        Middleware(Languages),
        Middleware(Requests),
        Middleware(Worlds, routes=beside),
        Middleware(OwnPagesOnly),
        Middleware(Bodies, routes=beside),
        Middleware(ReadySocketsOnly),
        Middleware(SocketDoor),
    ]
    own = Starlette(
        routes=[*beside, Mount("/", front)],
        middleware=edge,
        exception_handlers={Busy: retry_later_response, Unavailable: retry_later_response},
    )
    return SecurityHeaders(own, pages)
