"""Builds responses: filled pages, plain pages, and redirects within our own site."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from rxconnect import routes
from rxconnect.i18n import _, html_language

_LOCAL_PATH = re.compile(r"/(?!/)[!-\[\]-~]*")
_PLAIN_PAGE = """<!DOCTYPE html>
<html {language}><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>{title} · RxConnect</title><link rel="stylesheet" href="/rxconnect.css"/></head>
<body><main class="door-form"><div class="stack"><h1>{title}</h1><p>{sentence}</p>
<p><a href="{home}">{back}</a></p></div></main></body></html>"""


def page(request: Request, html: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """HTML for this request only: never cached, and compressed if the browser accepts it."""
    content = html.encode()
    kept = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"} | dict(headers or {})
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, kept["Content-Encoding"] = gzip.compress(content, compresslevel=6), "gzip"
    return HTMLResponse(content, status, kept)


def plain_page(title: str, sentence: str, status: int) -> Response:
    """A page that needs no build and no script, for errors."""
    html = _PLAIN_PAGE.format(
        language=html_language(),
        title=escape(title),
        sentence=escape(sentence),
        home=routes.HOME,
        back=escape(_("Back to RxConnect")),
    )
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})


def see_other(path: str) -> RedirectResponse:
    """Redirect to `path` after a form, so that a reload does not post it again."""
    return RedirectResponse(path, 303, {"Cache-Control": "no-store"})


def is_asked_by_script(request: Request) -> bool:
    """Whether the script of a form posts it (`components/door_form.js`), and shows the answer in the page that is there."""
    return request.headers.get("accept") == "application/json"


def for_script(answer: Response) -> Response:
    """A redirect as JSON, with its cookies: a script may not read where a redirect leads. Another answer stays as it is."""
    if answer.status_code != 303:
        return answer
    told = JSONResponse({"next": answer.headers["location"]}, headers={"Cache-Control": "no-store"})
    told.raw_headers += [header for header in answer.raw_headers if header[0] == b"set-cookie"]
    return told


def refusal_for_script(
    problems: Mapping[str, str], links: Mapping[str, tuple[str, str]], status: int, headers: Mapping[str, str]
) -> Response:
    """A refusal as JSON: a sentence by field, and the link after it, as its words and its address."""
    return JSONResponse({"problems": problems, "links": links}, status, {"Cache-Control": "no-store"} | dict(headers))


def local_path(path: str) -> str:
    """`path` if it certainly stays on our own site, else "".

    Allowed are visible ASCII, one slash first and never two in a row, no backslash: browsers read `//`, `/\\` and a
    tab between slashes as the start of another site's address.
    """
    return path if _LOCAL_PATH.fullmatch(path) and "//" not in path else ""
