"""Where a request comes from: the network address that tries are counted by, and the website that sent a form."""

from __future__ import annotations

from urllib.parse import urlsplit

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
    """Whether a form was sent from our own pages. Browsers always say; what says nothing is no browser."""
    source = headers.get("origin", headers.get("referer"))
    if source is None:
        return True
    parts = urlsplit(source)
    return f"{parts.scheme}://{parts.netloc}" in settings().origins or parts.netloc == headers.get("host")
