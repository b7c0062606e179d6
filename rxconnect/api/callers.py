"""Where a request comes from: the network address that tries are counted by, and the website that sent a form."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request

from rxconnect.config import settings


def address_of(request: Request) -> str:
    """The caller's address; of IPv6 the /64, all of which one household owns.

    A public URL means that a proxy of ours stands in front. If the request does come from a private address, as ours
    would, the last entry of `X-Forwarded-For` is what that proxy saw; earlier ones are whatever the caller wrote.
    """
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    if settings().public_url and _is_private(peer):
        peer = _household(forwarded) or peer
    return _household(peer) or peer


def is_our_own(headers: Headers) -> bool:
    """Whether a form was sent from our own pages. Browsers always say; what says nothing is no browser."""
    source = headers.get("origin", headers.get("referer"))
    if source is None:
        return True
    parts = urlsplit(source)
    return f"{parts.scheme}://{parts.netloc}" in settings().origins or parts.netloc == headers.get("host")


def _is_private(address: str) -> bool:
    try:
        return ip_address(address).is_private
    except ValueError:
        return False


def _household(address: str) -> str:
    """The address in its usual spelling, IPv6 as its /64, or "" when it is none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else str(parsed)
