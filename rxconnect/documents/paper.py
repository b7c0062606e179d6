"""Prints HTML as PDF that a screen reader can read (PDF/UA-1).

WeasyPrint needs Pango, a system library that no Python package installs. So it is imported only for printing: without
Pango everything else works, and printing raises `CannotPrint`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from string import Formatter
from typing import Any

from rxconnect.domain.errors import NotFound, RxConnectError, Unavailable
from rxconnect.domain.photos import PrintedPhoto, Size
from rxconnect.i18n import N_, _, direction, language
from rxconnect.services.photos import storage
from rxconnect.world import current

# The Debian packages to install if Pango is missing.
PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")

_STYLE = (Path(__file__).parent / "paper.css").read_text(encoding="utf-8")
# The columns that hold figures.
_FIGURES = (N_("Credits"), N_("Amount"))
# The scheme of a photo's address in a print.
_PHOTO = "rxconnect-photo"


class CannotPrint(RxConnectError):
    """This machine lacks a library that WeasyPrint needs. The message names it, for the operator."""


class Html(str):
    """Text that already is HTML. `tag` and `join` escape any other text."""

    __slots__ = ()


def tag(name: str, *inside: str, **attributes: str) -> Html:
    """An element: `tag("th", "Date", scope="col")`. A `_` after a name is dropped, as in `class_`."""
    written = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{written}>{join(*inside)}</{name}>")


def join(*parts: str) -> Html:
    """Concatenate HTML and texts."""
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in parts))


def document(title: str, *inside: str, keywords: str = "") -> Html:
    """A whole document with our letterhead. A PDF reader shows `title`. A document of a demo session is marked as one.

    `keywords` are for programs, which read them in the file's metadata.
    """
    mark = () if current().is_own else (tag("p", _("Demonstration"), class_="mark"),)
    meta = (Html(f'<meta name="keywords" content="{escape(keywords)}">'),) if keywords else ()
    head = tag("head", tag("title", f"{title} · RxConnect"), *meta, tag("style", Html(_STYLE + _page_number())))
    letterhead = tag("header", tag("div", class_="airmail"), tag("p", "RxConnect", class_="brand"), *mark)
    body = tag("body", letterhead, *inside)
    return Html(f"<!DOCTYPE html>{tag('html', head, body, lang=language(), dir=direction(language()))}")


def _page_number() -> str:
    """The style that numbers each page, as its words stand in the style and are the reader's."""
    counters = {"number": " counter(page)", "count": " counter(pages)"}
    parts = Formatter().parse(_("Page {number} of {count}"))
    content = "".join(
        json.dumps(text, ensure_ascii=False) + counters.get(name or "", "") for text, name, *_rest in parts
    )
    return f"@page {{ @bottom-right {{ content: {content}; }} }}"


def facts_table(*rows: tuple[str, str], total: tuple[str, str] | None = None) -> Html:
    """Labels and values, a row each, with the total last and largest."""
    lines = [tag("tr", tag("th", label, scope="row"), tag("td", value)) for label, value in rows]
    if total:
        lines.append(tag("tr", tag("th", total[0], scope="row"), tag("td", total[1]), class_="total"))
    return tag("table", tag("tbody", *lines), class_="facts")


def table(caption: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, look: str = "") -> Html:
    """A table with its head on each page. A row's first cell is its heading.

    `_FIGURES` are aligned right. With the `look` "counts", so is every column but the first; with "counts total", the last
    row is the total.
    """
    figures = columns[1:] if look else [_(column) for column in _FIGURES]
    looks = ["figure" if column in figures else "words" for column in columns]
    head = [tag("th", column, scope="col", class_=look) for column, look in zip(columns, looks, strict=True)]
    lines = (
        [
            tag("th", first, scope="row"),
            *(tag("td", cell, class_=look) for cell, look in zip(rest, looks[1:], strict=True)),
        ]
        for first, *rest in rows
    )
    body = tag("tbody", *(tag("tr", *cells) for cells in lines))
    return tag("table", tag("caption", caption), tag("thead", tag("tr", *head)), body, class_=f"lines {look}".strip())


def figure(photo: PrintedPhoto) -> Html:
    """A photo with its caption. A print fetches it from the storage."""
    image = Html(f'<img src="{_PHOTO}:{escape(photo.store)}" alt="{escape(photo.label)}">')
    return tag("figure", image, *([tag("figcaption", photo.caption)] if photo.caption else []))


def pdf(html: Html) -> bytes:
    """Print the document as PDF/UA-1. The same document gives the same bytes. Raises `CannotPrint`, and as `_photos` does."""
    printed: bytes = _printed(html, lambda prepared: prepared.write_pdf(pdf_variant="pdf/ua-1"))
    return printed


def page_count(html: Html) -> int:
    """How many pages the document has in print. Raises as `pdf`."""
    return _printed(html, lambda prepared: len(prepared.render().pages))


def _printed(html: Html, make: Callable[[Any], Any]) -> Any:
    try:
        from weasyprint import HTML
        from weasyprint.urls import FatalURLFetchingError
    except OSError as error:
        raise CannotPrint(str(error).partition("\n")[0]) from None
    try:
        return make(HTML(string=html, url_fetcher=_photos()))
    except FatalURLFetchingError as error:
        raise (error.__cause__ or error) from None


def _photos() -> Any:
    """Fetches photos of ours, and nothing else: an address inside a name or a reason must never be opened.

    A letter is not printed without its photo: then a print raises `NotFound` or `Unavailable`.
    """
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Photos(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            scheme, _colon, store = url.partition(":")
            if scheme != _PHOTO:
                raise ValueError(url)
            try:
                return URLFetcherResponse(url, storage.read(store, Size.VIEW), {"Content-Type": "image/jpeg"})
            except (NotFound, Unavailable) as error:
                raise FatalURLFetchingError(url) from error

    return Photos(allowed_protocols=())
