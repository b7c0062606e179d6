"""Handlers of the forms for a second factor: the step after the password, its set-up, and recovery codes."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from rxconnect import db, routes
from rxconnect.api import cookies, replies, words
from rxconnect.api.browsers import browser_of
from rxconnect.api.built_pages import BuiltPages
from rxconnect.api.filled_page import fill_page
from rxconnect.api.forms import Fields, Filling, form_page
from rxconnect.api.replies import see_other
from rxconnect.api.signed_in import signed_in
from rxconnect.demo import qr
from rxconnect.domain import refusals
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import NotAllowed, NotSignedIn, RxConnectError
from rxconnect.domain.second_factors import Applicant
from rxconnect.services.accounts import pending_sign_ins
from rxconnect.services.second_factors import enrolments, passkeys, second_factors, second_steps
from rxconnect.services.second_factors.challenges import Purpose

# Groups of four are easier to type into an app.
_GROUP = 4


def second_factor_routes(pages: BuiltPages, app: ASGIApp) -> list[Route]:
    """The routes of the pages with a form about second factors, and of what these pages ask for."""
    return [
        form_page(routes.SECOND_STEP, _finish_sign_in, pages, app, _second_step_page),
        form_page(routes.SECOND_FACTOR, _set_up, pages, app, _set_up_page),
        form_page(routes.RECOVERY_CODES, partial(_renew_codes, pages), pages, app, _codes_page),
        Route(routes.SECOND_FACTOR_QR, _qr_code),
        Route(routes.PASSKEY_OPTIONS, _passkey_options, methods=["POST"]),
    ]


def _second_step_page(request: Request) -> Filling | Response:
    account = db.read(pending_sign_ins.account_of, cookies.step_of(request))
    if account is None or account.id is None:
        return see_other(routes.HOME if cookies.actor_of(request) else _too_late())
    if not db.read(second_factors.has_any, account.id):
        return see_other(routes.SECOND_FACTOR)
    return Filling()


def _finish_sign_in(request: Request, fields: Fields) -> Response:
    code, credential = fields.get("one_time_code", ""), fields.get("credential", "")
    browser = browser_of(request)
    token = second_steps.finish_sign_in(cookies.step_of(request), browser, code=code, credential=credential)
    return signed_in(request, token, fields.get("next", ""), browser)


def _set_up_page(request: Request) -> Filling | Response:
    try:
        applicant = _applicant(request)
    except NotAllowed:
        return see_other(routes.STAFF_PROFILE)
    if applicant is None:
        return see_other(routes.SECOND_STEP)
    secret, _address = db.read(enrolments.secret_and_address, applicant)
    groups = (secret[start : start + _GROUP] for start in range(0, len(secret), _GROUP))
    return Filling(slots={"code-app-secret": " ".join(groups)})


def _set_up(request: Request, fields: Fields) -> Response:
    applicant, browser = _applicant(request), browser_of(request)
    if applicant is None:
        raise NotSignedIn
    if credential := fields.get("credential", ""):
        token = enrolments.add_passkey(applicant, credential, browser)
    else:
        token = enrolments.set_up_app(applicant, fields.get("one_time_code", ""), browser)
    if not token:
        return see_other(routes.STAFF_PROFILE)
    return signed_in(request, token, routes.with_query(routes.RECOVERY_CODES, done="first"), browser)


def _codes_page(request: Request) -> Filling:
    _staff(request).must_be_fresh()
    return Filling()


def _renew_codes(pages: BuiltPages, request: Request, _fields: Fields) -> Response:
    codes = db.write(second_factors.renew_codes, _staff(request))
    html = pages.html(routes.RECOVERY_CODES) or ""
    return replies.page(request, fill_page(html, {}, {}, slots={"recovery-codes": "\n".join(codes)}))


def _qr_code(request: Request) -> Response:
    try:
        applicant = _applicant(request)
    except RxConnectError:
        applicant = None
    if applicant is None:
        return Response(status_code=404)
    _secret, address = db.read(enrolments.secret_and_address, applicant)
    path, width = qr.svg_path(address)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {width}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{width}v{width}h-{width}z"/><path d="{path}"/></svg>'
    )
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "no-store"})


def _passkey_options(request: Request) -> Response:
    """What the browser needs to make a passkey, or to ask for one (`components/passkey.js`)."""
    try:
        options = _options_for(request.query_params.get("purpose", ""), request)
    except RxConnectError as error:
        return JSONResponse({"problem": refusals.sentence(error)}, words.http_status(error))
    return Response(options, media_type="application/json", headers={"Cache-Control": "no-store"})


def _options_for(purpose: str, request: Request) -> str:
    """The options as JSON. Raises `NotSignedIn`, also for a purpose that no page of ours has."""
    if purpose == Purpose.SIGN_IN:
        return db.read(passkeys.request_options, Purpose.SIGN_IN, "")
    if purpose == Purpose.SECOND_STEP:
        token = cookies.step_of(request)
        account = db.read(pending_sign_ins.account_of, token)
        if account is not None:
            return db.read(
                passkeys.request_options, Purpose.SECOND_STEP, second_steps.key_of_pending(token), account.id
            )
    if purpose == Purpose.CONFIRM:
        actor = _staff(request)
        return db.read(passkeys.request_options, Purpose.CONFIRM, second_steps.key_of(actor), actor.account_id)
    if purpose == Purpose.REGISTER and (one := _applicant(request)):
        return db.read(passkeys.registration_options, one.account_id, one.email, one.name, one.key)
    raise NotSignedIn


def _applicant(request: Request) -> Applicant | None:
    actor = cookies.actor_of(request)
    is_staff = actor is not None and actor.kind is ActorKind.STAFF
    return db.read(enrolments.applicant_of, cookies.step_of(request), actor if is_staff else None)


def _staff(request: Request) -> Actor:
    actor = cookies.actor_of(request)
    if actor is None or actor.kind is not ActorKind.STAFF:
        raise NotSignedIn
    return actor


def _too_late() -> str:
    return routes.with_query(routes.SIGN_IN, done="late")
