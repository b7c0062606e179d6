"""The browser behind a request: its address, its name, and our cookies in it."""

from __future__ import annotations

from starlette.requests import Request

from rxconnect.api import cookies
from rxconnect.api.callers import address_of
from rxconnect.domain.browsers import Browser, describe_browser


def browser_of(request: Request) -> Browser:
    """The `Browser` that sent a request. Without a device cookie, its `device` is a new value for one."""
    return Browser(
        address=address_of(request),
        name=describe_browser(request.headers.get("user-agent", "")),
        token=cookies.sign_in_token(request),
        device=cookies.device_or_new(request),
    )
