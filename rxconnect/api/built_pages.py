"""The prerendered pages of the frontend's build, in every language, read once at start."""

from __future__ import annotations

import base64
import hashlib
import re
from copy import copy
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from rxconnect import i18n
from rxconnect.config import settings

_INLINE = {
    "script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE),
    "style": re.compile(r"<style[^>]*>(.*?)</style\s*>", re.DOTALL | re.IGNORECASE),
}
# The pages served for an address with a varying part, and for an unknown address.
_FALLBACKS = ("/__spa-fallback", "/404")


class BuiltPages:
    """The pages in the request's language, by address: `/sign-in` is `sign-in/index.html` or `sign-in.html`."""

    def __init__(self, static_dir: Path):
        self._pages = {language: _Pages(language_folder(language, static_dir)) for language in settings().spoken}

    def html(self, path: str) -> str | None:
        """The prerendered page at `path`, or None."""
        return self._pages_in_language.html.get(_without_trailing_slash(path))

    def hashes(self, tag: str, path: str) -> list[str]:
        """The hashes of what the page served at `path` has inside a `script` or `style`, in the form of a security policy."""
        pages = self._pages_in_language
        return pages.hashes[tag].get(_without_trailing_slash(path), pages.fallback_hashes[tag])

    def without_slash_redirects(self, app: ASGIApp) -> ASGIApp:
        """Ask `app` for `/x/` instead of `/x` where the page is a folder, to save its redirect."""

        async def direct(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and scope["path"] in self._pages_in_language.folders:
                scope = {**scope, "path": f"{scope['path']}/"}
            await app(scope, receive, send)

        return direct

    @property
    def _pages_in_language(self) -> _Pages:
        return self._pages.get(i18n.language()) or self._pages[settings().spoken[0]]


class _Pages:
    """The pages of one language."""

    def __init__(self, folder: Path):
        files = sorted(folder.rglob("*.html"))
        self.html = {_page_address(file.relative_to(folder)): file.read_text(encoding="utf-8") for file in files}
        self.folders = {_page_address(file.relative_to(folder)) for file in files if file.name == "index.html"} - {"/"}
        self.hashes = {
            tag: {address: _hashes(inline, html) for address, html in self.html.items()}
            for tag, inline in _INLINE.items()
        }
        self.fallback_hashes = {
            tag: sorted({h for address in _FALLBACKS for h in found.get(address, ())})
            for tag, found in self.hashes.items()
        }


def language_folder(language: str, static_dir: Path) -> Path:
    """The folder of a language's built files. `static_dir` holds our first language, and all scripts."""
    return static_dir if language == settings().spoken[0] else static_dir.with_name(language)


def serve_in_language(files: Any, static_dir: Path) -> ASGIApp:
    """An app that serves the files of the visitor's language, else those of `static_dir`."""
    apps = {language: copy(files) for language in settings().spoken[1:]}
    for language, app in apps.items():
        app.all_directories = [language_folder(language, static_dir), *files.all_directories]

    async def spoken(scope: Scope, receive: Receive, send: Send) -> None:
        await apps.get(i18n.language(), files)(scope, receive, send)

    return spoken


def _page_address(file: Path) -> str:
    return _without_trailing_slash("/" + file.as_posix().removesuffix(".html").removesuffix("index"))


def _without_trailing_slash(path: str) -> str:
    return path.rstrip("/") or "/"


def _hashes(inline: re.Pattern[str], html: str) -> list[str]:
    digests = (hashlib.sha256(text.encode()).digest() for text in inline.findall(html) if text)
    return sorted({f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests})
