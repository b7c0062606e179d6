"""The prerendered pages as the frontend's build left them, read once at start."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
# What is served for an address with a part that varies, and for one that does not exist.
_FALLBACKS = ("/__spa-fallback", "/404")


class BuiltPages:
    """HTML by address: `/sign-in` is `sign-in/index.html` or `sign-in.html`."""

    def __init__(self, static_dir: Path):
        files = sorted(static_dir.rglob("*.html"))
        self._html = {_address(file.relative_to(static_dir)): file.read_text(encoding="utf-8") for file in files}
        self._folders = {_address(file.relative_to(static_dir)) for file in files if file.name == "index.html"} - {"/"}
        self._hashes = {address: _script_hashes(html) for address, html in self._html.items()}
        self._fallback_hashes = sorted({h for address in _FALLBACKS for h in self._hashes.get(address, ())})

    def html(self, path: str) -> str | None:
        """The page at `path`, if one was prerendered."""
        return self._html.get(_plain(path))

    def script_hashes(self, path: str) -> list[str]:
        """The hashes of the inline scripts of whatever page is served at `path`, as a policy names them."""
        return self._hashes.get(_plain(path), self._fallback_hashes)

    def without_detours(self, app: ASGIApp) -> ASGIApp:
        """`app`, asked for `/x/` instead of `/x` where the page is a folder, which it would only redirect to."""

        async def direct(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and scope["path"] in self._folders:
                scope = {**scope, "path": f"{scope['path']}/"}
            await app(scope, receive, send)

        return direct


def _address(file: Path) -> str:
    return _plain("/" + file.as_posix().removesuffix(".html").removesuffix("index"))


def _plain(path: str) -> str:
    return path.rstrip("/") or "/"


def _script_hashes(html: str) -> list[str]:
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE_SCRIPT.findall(html) if script)
    return sorted({f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests})
