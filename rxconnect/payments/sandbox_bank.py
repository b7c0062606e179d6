"""The sandbox's bank page: it asks the buyer to confirm a payment (3-D Secure), and redirects them back."""

from __future__ import annotations

from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from rxconnect import routes
from rxconnect.i18n import _, html_language
from rxconnect.payments.sandbox import sandbox_here
from rxconnect.payments.sandbox_routes import only_in_sandbox

_PAGE = """<!doctype html>
<html {language}>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/rxconnect.css">
<main class="door"><div class="card"><div class="card-body stack">
<h1>{title}</h1>
<p>{asks}</p>
<form method="post" action="{action}" class="stack-sm">
<button class="btn btn-wide" name="answer" value="yes">{yes}</button>
<button class="btn btn-quiet btn-wide" name="answer" value="no">{no}</button>
</form>
<p class="hint">{hint}</p>
</div></div></main>
</html>
"""


async def _confirmation_page(request: Request) -> Response:
    words = {
        "title": _("Demonstration bank"),
        "asks": _(
            "A shop asks to charge your card. In real life your own bank would now ask you for a code, or in its app."
        ),
        "yes": _("It is me, pay"),
        "no": _("It is not me"),
        "hint": _("This page is a part of the demonstration, and no bank is behind it."),
    }
    escaped = {name: escape(sentence) for name, sentence in words.items()}
    return HTMLResponse(_PAGE.format(action=escape(request.url.path), language=html_language(), **escaped))


async def _take_answer(request: Request) -> Response:
    async with request.form(max_fields=4, max_files=0) as form:
        is_buyer = form.get("answer") == "yes"
    back = await run_in_threadpool(sandbox_here().authenticate, request.path_params["intent_id"], is_buyer=is_buyer)
    return RedirectResponse(back or routes.HOME, status_code=303)


_PATH = routes.starlette_pattern(routes.SANDBOX_BANK)
ROUTES = [
    Route(_PATH, only_in_sandbox(_confirmation_page), methods=["GET"]),
    Route(_PATH, only_in_sandbox(_take_answer), methods=["POST"]),
]
