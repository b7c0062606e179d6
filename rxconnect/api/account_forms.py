"""Handlers of the account forms: sign in, sign up, sign out, and passwords."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from rxconnect import db, routes
from rxconnect.api import cookies, languages
from rxconnect.api.browsers import browser_of
from rxconnect.api.built_pages import BuiltPages
from rxconnect.api.forms import Fields, form_page
from rxconnect.api.replies import local_path, see_other
from rxconnect.domain.accounts import Actor
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import EmailTaken, Invalid, NotSignedIn, WrongCredentials
from rxconnect.domain.problems import Fact, Problem
from rxconnect.services.accounts import accounts, sign_ins
from rxconnect.services.leaving import closings


def form_routes(pages: BuiltPages, app: ASGIApp) -> list[Route]:
    """The routes of every page with a native form, of both sign-outs, and of `/`."""
    submits = {
        routes.SIGN_IN: _sign_in,
        routes.SIGN_UP: _sign_up,
        routes.FORGOT_PASSWORD: _forgot_password,
        routes.RESET_PASSWORD: _reset_password,
        routes.VERIFY_EMAIL: _verify_email,
        routes.CHANGE_PASSWORD: _change_password,
        routes.CLOSE_ACCOUNT: _close_account,
        routes.CONFIRM: _confirm,
    }
    return [
        Route(routes.HOME, _redirect_home),
        Route(routes.SIGN_OUT, _sign_out, methods=["POST"]),
        Route(routes.SIGN_OUT_EVERYWHERE, _sign_out_everywhere, methods=["POST"]),
        *(form_page(path, submit, pages, app) for path, submit in submits.items()),
    ]


def _redirect_home(request: Request) -> Response:
    actor = cookies.actor_of(request)
    return see_other(_home_address(actor) if actor else routes.SIGN_IN)


def _sign_in(request: Request, fields: Fields) -> Response:
    browser = browser_of(request)
    token = sign_ins.sign_in(fields.get("email", ""), fields.get("password", ""), browser)
    return _signed_in(token, fields, browser)


def _sign_up(request: Request, fields: Fields) -> Response:
    email, name, password = (fields.get(field, "") for field in ("email", "name", "password"))
    browser = browser_of(request)
    try:
        token = accounts.sign_up(email, name, password, browser)
    except EmailTaken:
        # Pressed twice, or the user forgot that the account exists: the right password signs them in.
        try:
            token = sign_ins.sign_in(email, password, browser)
        except WrongCredentials:
            raise EmailTaken from None
    return _signed_in(token, fields, browser)


def _sign_out(request: Request) -> Response:
    db.write(sign_ins.sign_out, cookies.token_of(request))
    return _signed_out("signed-out")


def _sign_out_everywhere(request: Request) -> Response:
    if actor := cookies.actor_of(request):
        db.write(sign_ins.sign_out_everywhere, actor)
    return _signed_out("everywhere")


def _forgot_password(request: Request, fields: Fields) -> Response:
    db.write(accounts.request_reset, fields.get("email", ""), browser_of(request))
    return see_other(routes.with_query(routes.FORGOT_PASSWORD, done="1"))


def _reset_password(request: Request, fields: Fields) -> Response:
    browser = browser_of(request)
    token = accounts.reset_password(fields.get("token", ""), fields.get("new_password", ""), browser)
    return _signed_in(token, fields, browser)


def _verify_email(_request: Request, fields: Fields) -> Response:
    db.write(accounts.verify_email, fields.get("token", ""))
    return see_other(routes.EMAIL_CONFIRMED)


def _change_password(request: Request, fields: Fields) -> Response:
    actor = cookies.actor_of(request)
    if actor is None:
        raise NotSignedIn
    current = _required_field(fields, "current_password", Problem.CURRENT_PASSWORD_MISSING())
    accounts.change_password(actor, current, fields.get("new_password", ""), cookies.token_of(request))
    return see_other(routes.with_query(routes.CHANGE_PASSWORD, done="1"))


def _close_account(request: Request, fields: Fields) -> Response:
    actor = cookies.actor_of(request)
    if actor is None:
        raise NotSignedIn
    closings.close_account(actor, _required_field(fields, "password", Problem.PASSWORD_MISSING()))
    return _signed_out("closed")


def _confirm(request: Request, fields: Fields) -> Response:
    actor, next_ = cookies.actor_of(request), local_path(fields.get("next", ""))
    if actor is None:
        # Signing in also confirms the password, and leads back to `next`.
        return see_other(routes.with_query(routes.SIGN_IN, next=next_))
    accounts.confirm_password(actor, _required_field(fields, "password", Problem.PASSWORD_MISSING()))
    return see_other(next_ or _home_address(actor))


def _required_field(fields: Fields, name: str, missing: Fact) -> str:
    """The text of a field. Raises `Invalid` with `missing` when it is empty."""
    if not fields.get(name):
        raise Invalid(**{name: missing})
    return fields[name]


def _home_address(actor: Actor) -> str:
    return routes.home_of(actor.kind) or routes.SIGN_IN


def _signed_in(token: str, fields: Fields, browser: Browser) -> Response:
    actor = db.read(sign_ins.actor_for, token)
    if actor is None:
        # Another browser has just signed out everywhere.
        raise WrongCredentials
    response = see_other(local_path(fields.get("next", "")) or _home_address(actor))
    cookies.set_token(response, token)
    cookies.set_device(response, browser.device, actor.account_id)
    languages.set_cookie(response, actor.language)
    return response


def _signed_out(done: str) -> Response:
    response = see_other(routes.with_query(routes.SIGN_IN, done=done))
    cookies.remove(response)
    return response
