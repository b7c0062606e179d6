"""Handlers of the account forms: sign in, sign up, sign out, and passwords."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from rxconnect import db, routes
from rxconnect.api import cookies
from rxconnect.api.browsers import browser_of
from rxconnect.api.built_pages import BuiltPages
from rxconnect.api.forms import Fields, Filling, form_page
from rxconnect.api.replies import local_path, see_other
from rxconnect.api.signed_in import home_address, signed_in
from rxconnect.domain.accounts import ActorKind
from rxconnect.domain.errors import EmailTaken, Invalid, NotSignedIn, WrongCredentials
from rxconnect.domain.problems import Fact, Problem
from rxconnect.i18n import _
from rxconnect.services.accounts import accounts, sign_ins
from rxconnect.services.leaving import closings, reopenings
from rxconnect.services.review import claims
from rxconnect.services.second_factors import second_steps
from rxconnect.services.team import invitations


def form_routes(pages: BuiltPages, app: ASGIApp) -> list[Route]:
    """The routes of every page with a native form, of both sign-outs, and of `/`."""
    submits = {
        routes.SIGN_IN: _sign_in,
        routes.SIGN_UP: _sign_up,
        routes.FORGOT_PASSWORD: _forgot_password,
        routes.RESET_PASSWORD: _reset_password,
        routes.VERIFY_EMAIL: _verify_email,
        routes.CLOSE_ACCOUNT: _close_account,
        routes.STAFF_CONFIRM: _confirm_password,
    }
    return [
        Route(routes.HOME, _redirect_home),
        Route(routes.ACCOUNT, _redirect_to_profile),
        Route(routes.SIGN_OUT, _sign_out, methods=["POST"]),
        Route(routes.SIGN_OUT_EVERYWHERE, _sign_out_everywhere, methods=["POST"]),
        *(form_page(path, submit, pages, app) for path, submit in submits.items()),
        form_page(routes.CHANGE_PASSWORD, _change_password, pages, app, _change_password_page),
        form_page(routes.CONFIRM, _confirm_password, pages, app, _confirm_page),
        form_page(routes.REOPEN, _reopen, pages, app, _reopen_page),
        form_page(routes.INVITATION, _accept_invitation, pages, app, _invitation_page),
    ]


def _redirect_home(request: Request) -> Response:
    actor = cookies.actor_of(request)
    return see_other(home_address(actor) if actor else routes.SIGN_IN)


def _redirect_to_profile(request: Request) -> Response:
    actor = cookies.actor_of(request)
    if actor is None:
        return see_other(routes.with_query(routes.SIGN_IN, next=routes.ACCOUNT))
    return see_other(routes.STAFF_PROFILE if actor.kind is ActorKind.STAFF else routes.PROFILE)


def _sign_in(request: Request, fields: Fields) -> Response:
    browser = browser_of(request)
    if credential := fields.get("credential", ""):
        token = second_steps.sign_in_with_passkey(credential, browser)
    else:
        token = sign_ins.sign_in(fields.get("email", ""), fields.get("password", ""), browser)
    return signed_in(request, token, fields.get("next", ""), browser)


def _reopen_page(request: Request) -> Filling | Response:
    day = db.read(reopenings.closed_on, cookies.step_of(request))
    if not day:
        late = routes.with_query(routes.SIGN_IN, done="late")
        return see_other(routes.HOME if cookies.actor_of(request) else late)
    return Filling(slots={"closed-since": _("You closed this account on {day}.").format(day=day)})


def _reopen(request: Request, fields: Fields) -> Response:
    token, browser = cookies.step_of(request), browser_of(request)
    if fields.get("answer") == "open":
        return signed_in(request, db.write(reopenings.reopen, token, browser), fields.get("next", ""), browser)
    db.write(reopenings.leave_closed, token)
    response = see_other(routes.with_query(routes.SIGN_IN, done="still-closed"))
    cookies.remove_step(response)
    return response


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
    return signed_in(request, token, fields.get("next", ""), browser)


def _sign_out(request: Request) -> Response:
    actor = cookies.actor_of(request)
    if actor is not None and actor.kind is ActorKind.STAFF:
        db.write(claims.release_all, actor)
    db.write(sign_ins.sign_out, cookies.sign_in_token(request))
    return _sign_out_response("signed-out")


def _sign_out_everywhere(request: Request) -> Response:
    if actor := cookies.actor_of(request):
        db.write(claims.release_all, actor)
        db.write(sign_ins.sign_out_everywhere, actor)
    return _sign_out_response("everywhere")


def _forgot_password(request: Request, fields: Fields) -> Response:
    db.write(accounts.request_reset, fields.get("email", ""), browser_of(request))
    return see_other(routes.with_query(routes.FORGOT_PASSWORD, done="1"))


def _reset_password(request: Request, fields: Fields) -> Response:
    browser = browser_of(request)
    token = accounts.reset_password(fields.get("token", ""), fields.get("new_password", ""), browser)
    return signed_in(request, token, fields.get("next", ""), browser)


def _verify_email(_request: Request, fields: Fields) -> Response:
    db.write(accounts.verify_email, fields.get("token", ""))
    return see_other(routes.EMAIL_CONFIRMED)


def _change_password_page(request: Request) -> Filling:
    """Staff give their second factor too before they choose a new password."""
    actor = cookies.actor_of(request)
    if actor is not None and actor.kind is ActorKind.STAFF:
        actor.must_be_fresh()
    return Filling()


def _change_password(request: Request, fields: Fields) -> Response:
    actor = cookies.actor_of(request)
    if actor is None:
        raise NotSignedIn
    _change_password_page(request)
    current = _required_field(fields, "current_password", Problem.CURRENT_PASSWORD_MISSING())
    accounts.change_password(actor, current, fields.get("new_password", ""), cookies.sign_in_token(request))
    return see_other(routes.with_query(routes.CHANGE_PASSWORD, done="1"))


def _close_account(request: Request, fields: Fields) -> Response:
    actor = cookies.actor_of(request)
    if actor is None:
        raise NotSignedIn
    closings.close_account(actor, _required_field(fields, "password", Problem.PASSWORD_MISSING()))
    return _sign_out_response("closed")


def _confirm_page(request: Request) -> Filling | Response:
    """Staff have a page of their own, with a field for the second factor."""
    actor = cookies.actor_of(request)
    if actor is None or actor.kind is not ActorKind.STAFF:
        return Filling()
    following = local_path(request.query_params.get("next", ""))
    return see_other(routes.with_query(routes.STAFF_CONFIRM, next=following or home_address(actor)))


def _confirm_password(request: Request, fields: Fields) -> Response:
    actor, next_ = cookies.actor_of(request), local_path(fields.get("next", ""))
    if actor is None:
        # Signing in also confirms the password, and leads back to `next`.
        return see_other(routes.with_query(routes.SIGN_IN, next=next_))
    password = _required_field(fields, "password", Problem.PASSWORD_MISSING())
    if actor.kind is ActorKind.STAFF:
        code, credential = fields.get("one_time_code", ""), fields.get("credential", "")
        second_steps.confirm(actor, password, code=code, credential=credential)
    else:
        accounts.confirm_password(actor, password)
    return see_other(next_ or home_address(actor))


def _invitation_page(request: Request) -> Filling:
    name = db.read(invitations.name_of, request.query_params.get("token", ""))
    return Filling({"name": name} if name else {})


def _accept_invitation(request: Request, fields: Fields) -> Response:
    token, name, password = (fields.get(field, "") for field in ("token", "name", "password"))
    browser = browser_of(request)
    return signed_in(request, invitations.accept(token, name, password, browser), "", browser)


def _required_field(fields: Fields, name: str, missing: Fact) -> str:
    """The text of a field. Raises `Invalid` with `missing` when it is empty."""
    if not fields.get(name):
        raise Invalid(**{name: missing})
    return fields[name]


def _sign_out_response(done: str) -> Response:
    response = see_other(routes.with_query(routes.SIGN_IN, done=done))
    cookies.remove_sign_in(response)
    return response
