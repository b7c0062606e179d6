"""Whether this process can serve, and what is said when it could not."""

from __future__ import annotations

import secrets

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rxconnect import db, shared_state
from rxconnect.api.replies import plain_page

log = structlog.get_logger()


def health(_request: Request) -> Response:
    """For a balancer: 200 while the database answers, and Redis where it is used, else 503."""
    if not db.answers():
        return JSONResponse({"status": "no database"}, 503)
    if shared_state.problem():
        return JSONResponse({"status": "no redis"}, 503)
    return JSONResponse({"status": "ok"})


def apology(request: Request, error: Exception) -> Response:
    """For an error that nobody expected: on the screen nothing but a reference, which leads to it in the log."""
    reference = secrets.token_hex(4)
    # The path alone, as a query may hold the token of a link.
    log.error("unexpected error", reference=reference, path=request.url.path, exc_info=error)
    sentence = (
        "Something went wrong on our side, and we are sorry. Please try again. "
        f"If it happens again, tell us this reference: {reference}."
    )
    return plain_page("That did not work", sentence, 500)
