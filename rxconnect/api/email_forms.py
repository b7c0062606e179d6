"""The forms that change an account's email address."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from rxconnect import db, routes
from rxconnect.api import cookies
from rxconnect.api.built_pages import BuiltPages
from rxconnect.api.forms import Fields, Filling, filled_page, form_page
from rxconnect.api.replies import see_other
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import Invalid, NotSignedIn
from rxconnect.domain.problems import Problem
from rxconnect.services.accounts import email_changes


def email_routes(pages: BuiltPages, app: ASGIApp) -> list[Route]:
    """The form for the new address, the page behind both links, and the page after it."""
    return [
        form_page(routes.CHANGE_EMAIL, _change, pages, app, _change_page),
        form_page(routes.CONFIRM_EMAIL, _confirm, pages, app),
        filled_page(routes.EMAIL_CHANGED, pages, app),
    ]


def _change_page(request: Request) -> Filling:
    return Filling(slots={"present-email": _owner(request).email})


def _change(request: Request, fields: Fields) -> Response:
    actor = _owner(request)
    if not fields.get("password"):
        raise Invalid(password=Problem.PASSWORD_MISSING())
    email_changes.request(actor, fields.get("email", ""), fields["password"])
    return see_other(routes.with_query(routes.EMAIL_CHANGED, done="asked"))


def _confirm(_request: Request, fields: Fields) -> Response:
    service = email_changes.stop if fields.get("act") == "stop" else email_changes.confirm
    step = db.write(service, fields.get("token", ""))
    return see_other(routes.with_query(routes.EMAIL_CHANGED, done=step.value))


def _owner(request: Request) -> Actor:
    """The signed-in account. Staff give their second factor too, as for a new password."""
    actor = cookies.actor_of(request)
    if actor is None:
        raise NotSignedIn
    if actor.kind is ActorKind.STAFF:
        actor.must_be_fresh()
    return actor
