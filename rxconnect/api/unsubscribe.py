"""Unsubscribing from an email by one click (RFC 8058). A POST switches the kind off, and a GET only offers to.

Mail programs, and servers that look for viruses, open every link of an email. So a GET changes nothing. The token in the address
is the proof: a mail provider posts without our cookie, and from no page of ours (`api/security.py`).
"""

from __future__ import annotations

from html import escape

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from rxconnect import db, routes
from rxconnect.api.replies import plain_page
from rxconnect.domain.errors import NotFound
from rxconnect.domain.notices import NoticeKind
from rxconnect.i18n import _, html_language
from rxconnect.services.notices import unsubscribing

_PAGE = """<!DOCTYPE html>
<html {language}><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="robots" content="noindex"/><meta name="referrer" content="no-referrer"/>
<title>{title} · RxConnect</title><link rel="stylesheet" href="/rxconnect.css"/></head>
<body><main class="door-form"><div class="stack"><h1>{title}</h1><p>{sentence}</p>
<form method="post">{button}</form><p><a href="{choices}">{choose}</a></p></div></main></body></html>"""
_BUTTON = '<button class="btn" name="List-Unsubscribe" value="One-Click">{label}</button>'


async def _offer(request: Request) -> Response:
    """A page with a button. Changes nothing."""
    try:
        _account_id, kind = unsubscribing.read(request.query_params.get("token", ""))
    except NotFound:
        return _unknown()
    sentence = _(
        "Press the button, and you get no more emails of this kind: {kind}. You can choose otherwise at any time."
    ).format(kind=_name(kind))
    return _page(_("No more of these emails?"), sentence, _BUTTON.format(label=escape(_("Stop these emails"))))


async def _unsubscribe(request: Request) -> Response:
    """Switch the kind off, whoever posts: the token is the proof. No redirect, and no cookie."""
    try:
        kind = await to_thread.run_sync(db.write, unsubscribing.unsubscribe, request.query_params.get("token", ""))
    except NotFound:
        return _unknown()
    sentence = _("You get no more emails of this kind: {kind}. Messages still arrive in your inbox.")
    return _page(_("Done"), sentence.format(kind=_name(kind)), "")


def _name(kind: str) -> str:
    return _("the daily email") if kind == unsubscribing.DAILY else NoticeKind(kind).label


def _page(title: str, sentence: str, button: str) -> Response:
    html = _PAGE.format(
        language=html_language(),
        title=escape(title),
        sentence=escape(sentence),
        button=button,
        choices=routes.NOTICES,
        choose=escape(_("Choose what you hear of, and when")),
    )
    return HTMLResponse(html, headers={"Cache-Control": "no-store"})


def _unknown() -> Response:
    sentence = _(
        "This link is not complete, so nothing was changed. Please open it from the email once more, or sign in."
    )
    return plain_page(_("Not a link of ours"), sentence, 404)


ROUTES = [
    Route(routes.UNSUBSCRIBE, _offer, methods=["GET"]),
    Route(routes.UNSUBSCRIBE, _unsubscribe, methods=["POST"]),
]
