"""Security middleware: headers for browsers, and a refusal of requests that other sites send."""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rxconnect import routes
from rxconnect.api.built_pages import BuiltPages
from rxconnect.api.callers import is_our_own
from rxconnect.api.replies import plain_page
from rxconnect.config import ProcessorName, settings
from rxconnect.i18n import _

_HOST = re.compile(r"[\w.:\[\]-]+")
# Methods that change no data.
READS = {"GET", "HEAD", "OPTIONS"}
# Addresses that verify their sender another way, and how. Their requests come from no browser.
PROVEN_OTHERWISE = {routes.WEBHOOK: "the card processor's signature"}
# A mail program may be a web page. Its request has no cookie of ours, and whoever knows the token may switch the emails off.
PROVEN_ANYWHERE = {routes.UNSUBSCRIBE: "a token that we signed"}
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Sources for Stripe's card fields: its script, its frames, and the address that turns cards into tokens.
# https://docs.stripe.com/security/guide#content-security-policy
_STRIPE_SCRIPTS = "https://js.stripe.com https://*.js.stripe.com"
_STRIPE_API = "https://api.stripe.com"
_STRIPE_FRAMES = f"{_STRIPE_SCRIPTS} https://hooks.stripe.com"


class SecurityHeaders:
    """Adds the headers to every HTTP response. Sockets pass unchanged."""

    def __init__(self, app: ASGIApp, pages: BuiltPages):
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(MutableHeaders(scope=message), scope, message["status"])
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _add_headers(self, headers: MutableHeaders, scope: Scope, status: int) -> None:
        headers.update(_ALWAYS)
        if settings().is_https:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if headers.get("content-type", "").startswith("text/html"):
            headers["Content-Security-Policy"] = self._content_security_policy(scope)
            # A kiosk has many users, so its browser keeps no page to go back to.
            is_kept = not routes.is_of_kiosk(scope["path"])
            headers.setdefault("Cache-Control", "no-cache" if is_kept else "no-store")
        elif scope["path"].startswith("/assets/") and status in (200, 304):
            # These file names contain a hash of the content.
            headers["Cache-Control"] = "public, max-age=31536000, immutable"

    def _content_security_policy(self, scope: Scope) -> str:
        scripts, styles = (" ".join(["'self'", *self._pages.hashes(tag, scope["path"])]) for tag in ("script", "style"))
        connects = f"'self'{_socket_source(Headers(scope=scope))}"
        frames = ""
        if settings().processor is ProcessorName.STRIPE:
            # On every page, because a browser keeps the first page's policy while the user moves inside the app.
            scripts, connects = f"{scripts} {_STRIPE_SCRIPTS}", f"{connects} {_STRIPE_API}"
            frames = f"frame-src {_STRIPE_FRAMES}; "
        # The split view of a demo session shows pages of its world in frames.
        ancestors = "'self'" if _may_be_framed(scope) else "'none'"
        if scope["path"] == routes.DEMO_SPLIT:
            frames = "frame-src 'self'; "
        return (
            f"default-src 'self'; script-src {scripts}; connect-src {connects}; {frames}"
            f"img-src 'self' data:; style-src {styles}; object-src 'none'; base-uri 'self'; form-action 'self'; "
            f"frame-ancestors {ancestors}"
        )


def _may_be_framed(scope: Scope) -> bool:
    """Whether our own pages may show this one in a frame: in the world of a demo session, and where a frame begins."""
    path = scope["path"]
    return bool(scope.get("seat")) and (path == routes.DEMO_FRAME or not routes.is_of_demo(path))


class OwnPagesOnly:
    """Refuses a request that would change data or open a socket, unless one of our pages sent it."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if _is_safe_method(scope) or _is_from_our_pages(scope["path"], Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            sentence = _("This form was sent from another website, so nothing was changed. Please fill it in here.")
            await plain_page(_("Not from here"), sentence, 403)(scope, receive, send)


def _is_safe_method(scope: Scope) -> bool:
    return scope["type"] == "lifespan" or (scope["type"] == "http" and scope["method"] in READS)


def _is_from_our_pages(path: str, headers: Headers) -> bool:
    if path in PROVEN_ANYWHERE:
        return True
    is_browser = "origin" in headers or "sec-fetch-site" in headers
    return is_our_own(headers) or (path in PROVEN_OTHERWISE and not is_browser)


def _socket_source(headers: Headers) -> str:
    """The policy's source for our own sockets: in older Safari `'self'` does not include them."""
    host = headers.get("host", "")
    return f" {'wss' if settings().is_https else 'ws'}://{host}" if _HOST.fullmatch(host) else ""
