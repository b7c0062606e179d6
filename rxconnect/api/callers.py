"""The origin of a request: the network address for counting attempts, and the website that sent it."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from rxconnect.config import settings
from rxconnect.domain import addresses


def address_of(request: HTTPConnection) -> str:
    """The caller's address. When `public_url` is set, the app runs behind our own proxy."""
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "")
    return addresses.caller_address(peer, forwarded, has_proxy=bool(settings().public_url))


def is_our_own(headers: Headers) -> bool:
    """Whether one of our pages sent this. Browsers send `Origin` with sockets and every request that changes data.

    Without it, `Sec-Fetch-Site` decides, which no page can forge. A request with neither is not from a browser.
    """
    if origins := headers.getlist("origin"):
        return all(origin in settings().origins for origin in origins)
    return headers.getlist("sec-fetch-site") == ["same-origin"]
