"""Where a request comes from: the network address that tries are counted by, and the website that sent it."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from rxconnect.config import settings
from rxconnect.domain import addresses


def address_of(request: HTTPConnection) -> str:
    """The caller's address. A public URL means that a proxy of ours stands in front."""
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "")
    return addresses.caller(peer, forwarded, has_proxy=bool(settings().public_url))


def is_our_own(headers: Headers) -> bool:
    """Whether a page of ours sent this. Browsers always name the origin of what changes something, and of a socket.

    Where that is missing, their `Sec-Fetch-Site` says it, which no page can forge; what says neither is no browser.
    """
    if origins := headers.getlist("origin"):
        return all(origin in settings().origins for origin in origins)
    return headers.getlist("sec-fetch-site") == ["same-origin"]
