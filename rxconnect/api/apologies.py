"""The responses to a request that failed."""

from __future__ import annotations

import secrets

import structlog
from starlette.requests import Request
from starlette.responses import Response

from rxconnect.api import words
from rxconnect.api.replies import plain_page
from rxconnect.domain.errors import RxConnectError
from rxconnect.i18n import _

log = structlog.get_logger()


def retry_later_response(_request: Request, error: Exception) -> Response:
    """Answer `Busy` and `Unavailable` where no form shows them: a download, a sign-out, a webhook."""
    assert isinstance(error, RxConnectError)
    page = plain_page(_("Please try again"), words.problems(error)["form"], words.http_status(error))
    page.headers.update(words.http_headers(error))
    return page


def unexpected_error_response(request: Request, error: Exception) -> Response:
    """Answer an unexpected error. The page shows only a reference, which finds the error in the log."""
    reference = secrets.token_hex(4)
    # Only the path, as a query may hold the token of an emailed link.
    log.error("unexpected error", reference=reference, path=request.url.path, exc_info=error)
    sentence = _(
        "Something went wrong on our side, and we are sorry. Please try again. If it happens again, tell us "
        "this reference: {reference}."
    ).format(reference=reference)
    return plain_page(_("That did not work"), sentence, 500)
