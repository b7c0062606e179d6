"""The browser behind a request: where it is, what it calls itself, and which cookies of ours it has."""

from __future__ import annotations

from starlette.requests import Request

from rxconnect.api import cookies
from rxconnect.api.callers import address_of
from rxconnect.domain.browsers import Browser, named


def browser_of(request: Request) -> Browser:
    """The browser. One that has no device's cookie yet gets the value that it may be given."""
    return Browser(
        address=address_of(request),
        name=named(request.headers.get("user-agent", "")),
        token=cookies.token_of(request),
        device=cookies.device_of(request),
    )
