"""The response to a browser that has just signed in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from rxconnect import db, routes
from rxconnect.api import cookies, languages
from rxconnect.api.replies import local_path, see_other
from rxconnect.domain.accounts import Actor
from rxconnect.domain.browsers import Browser
from rxconnect.services.accounts import sign_ins


def signed_in(request: Request, token: str, following: str, browser: Browser) -> Response:
    """Keep the browser signed in, and go on to the path `following`, or to the account's first page."""
    actor = db.read(sign_ins.actor_for, token)
    if actor is None:
        # It has ended already: this browser has just signed in once more, or another one has signed out everywhere.
        return see_other(routes.HOME)
    response = see_other(local_path(following) or home_address(actor))
    cookies.set_sign_in(response, token)
    cookies.set_device(response, browser.device, actor.account_id)
    cookies.remove_step(response)
    languages.bring_language(request, response, actor)
    return response


def home_address(actor: Actor) -> str:
    """The first page of the account's kind."""
    return routes.home_of(actor.kind) or routes.SIGN_IN
