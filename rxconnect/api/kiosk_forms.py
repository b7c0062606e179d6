"""Handlers of the kiosk's forms: the code of a tablet, inmate number and PIN, the own PIN, and the sign-out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from rxconnect import db, routes, world
from rxconnect.api import cookies, languages
from rxconnect.api.browsers import browser_of
from rxconnect.api.built_pages import BuiltPages
from rxconnect.api.callers import address_of
from rxconnect.api.forms import Fields, Filling, form_page
from rxconnect.api.replies import see_other
from rxconnect.domain.errors import NoKiosk, NotSignedIn
from rxconnect.domain.kiosk import KioskDevice
from rxconnect.i18n import _
from rxconnect.services.kiosk import devices, sign_ins

# What the address says after somebody has left the tablet.
_LEFT = ("signed-out", "ended")
_DONE = (*_LEFT, "ready")


def kiosk_routes(pages: BuiltPages, app: ASGIApp) -> list[Route]:
    """The routes of the kiosk's pages with a native form, and of its sign-out."""
    return [
        form_page(routes.KIOSK, _sign_in, pages, app, _sign_in_page),
        form_page(routes.KIOSK_DEVICE, _enter_code, pages, app, _device_page),
        form_page(routes.KIOSK_PIN, _choose_pin, pages, app, _pin_page),
        Route(routes.KIOSK_SIGN_OUT, _sign_out, methods=["POST"]),
    ]


def _sign_in_page(request: Request) -> Filling | Response:
    """The form for number and PIN. It leads on whoever is signed in, and a browser that is no kiosk.

    It also signs out a person whose own sign-out was lost on a broken network, and says so once when a sign-in has ended
    while the tablet was away.
    """
    token, done = cookies.kiosk_token(request), request.query_params.get("done", "")
    if token and done in _LEFT and (mark := request.query_params.get("of", "")):
        db.write(sign_ins.sign_out, token, mark=mark)
    if cookies.kiosk_actor_of(request):
        return see_other(routes.KIOSK_INBOX)
    if db.read(sign_ins.must_choose_pin, token):
        return see_other(routes.KIOSK_PIN)
    device = db.read(devices.find, cookies.kiosk_device_token(request))
    if device is None:
        return see_other(routes.KIOSK_DEVICE)
    if token:
        return _forgotten(request, see_other(routes.with_query(routes.KIOSK, done=done if done in _LEFT else "ended")))
    if languages.lacks_language(request, device.language):
        response = see_other(routes.with_query(routes.KIOSK, done=done) if done in _DONE else routes.KIOSK)
        languages.offer_language(response, device.language)
        return response
    return Filling(slots=_about(device))


def _sign_in(request: Request, fields: Fields) -> Response:
    name = browser_of(request).name
    try:
        token = sign_ins.sign_in(
            cookies.kiosk_device_token(request), fields.get("number", ""), fields.get("pin", ""), browser=name
        )
    except NoKiosk:
        return see_other(routes.KIOSK_DEVICE)
    actor = db.read(sign_ins.actor_for, token)
    response = see_other(routes.KIOSK_INBOX if actor else routes.KIOSK_PIN)
    cookies.set_kiosk_sign_in(response, token)
    # Each sign-in lets the tablet stay a kiosk for another year.
    cookies.set_kiosk_device(response, cookies.kiosk_device_token(request))
    if actor:
        languages.bring_language(request, response, actor)
    return response


def _device_page(_request: Request) -> Filling:
    """The form for the code of a kiosk. In the demonstration it says which one is published."""
    demo = _("This is a demonstration with invented people. Its kiosk has the code CEDAR-DEMO.")
    return Filling(slots={"kiosk-demo": demo} if world.current().is_demo else {})


def _enter_code(request: Request, fields: Fields) -> Response:
    token = devices.enter_code(fields.get("device_code", ""), address_of(request))
    response = see_other(routes.with_query(routes.KIOSK, done="ready"))
    cookies.set_kiosk_device(response, token)
    return response


def _pin_page(request: Request) -> Filling | Response:
    """The form for an own PIN, for whoever has signed in with the PIN that staff gave them."""
    must_choose = db.read(sign_ins.must_choose_pin, cookies.kiosk_token(request))
    return Filling() if must_choose else see_other(routes.KIOSK)


def _choose_pin(request: Request, fields: Fields) -> Response:
    token = cookies.kiosk_token(request)
    try:
        sign_ins.choose_pin(token, fields.get("new_pin", ""), fields.get("pin_again", ""))
    except NotSignedIn:
        return see_other(routes.with_query(routes.KIOSK, done="ended"))
    response = see_other(routes.KIOSK_INBOX)
    if actor := db.read(sign_ins.actor_for, token):
        languages.bring_language(request, response, actor)
    return response


def _sign_out(request: Request) -> Response:
    db.write(sign_ins.sign_out, cookies.kiosk_token(request), mark=request.query_params.get("of", ""))
    if cookies.kiosk_actor_of(request):
        # It was a page of somebody before.
        return see_other(routes.KIOSK_INBOX)
    return _forgotten(request, see_other(routes.with_query(routes.KIOSK, done="signed-out")))


def _forgotten(request: Request, response: Response) -> Response:
    """The response, with which the browser forgets who was signed in, and speaks its facility's language again."""
    cookies.remove_kiosk_sign_in(response)
    device = db.read(devices.find, cookies.kiosk_device_token(request))
    languages.offer_language(response, device.language if device else "")
    return response


def _about(device: KioskDevice) -> Fields:
    """What the page of a kiosk says about it."""
    demo = _("This is a demonstration with invented people. Try number 20418873 with PIN 2468.")
    return {"kiosk-place": device.facility, **({"kiosk-demo": demo} if device.is_demo else {})}
