"""The forms that start, join, leave and end a demo session. They work without any script."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from rxconnect import db, routes
from rxconnect.api import cookies
from rxconnect.api.bodies import MAX_BODY, LongBody
from rxconnect.api.built_pages import BuiltPages
from rxconnect.api.callers import address_of
from rxconnect.api.filled_page import fill_page
from rxconnect.api.forms import Fields, form_page, uploaded
from rxconnect.api.replies import local_path, page, see_other
from rxconnect.config import settings
from rxconnect.demo import farewells, seats, sessions, summaries
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.demo import LONGEST, OWN_SCENARIO, SUMMARY_LASTS, WORLD_FILE_MAX, Farewell, Seat, SeatKind
from rxconnect.domain.errors import NotAllowed, NotFound, NotSignedIn, WrongCode
from rxconnect.i18n import _, language
from rxconnect.services.accounts import throttle

_STARTS_PER_HOUR = 30
# In the demonstration everybody may start a session.
_WORLD_FILE = LongBody(WORLD_FILE_MAX + MAX_BODY, Permission.SHOW_DEMOS, is_for_everybody=lambda: settings().is_demo)


def demo_routes(pages: BuiltPages, app: ASGIApp) -> list[Route]:
    """The routes of the two pages with a form, of the page after a session, and of three posts: leave, end, try a roster."""
    return [
        form_page(routes.DEMO, _start, pages, app),
        form_page(routes.DEMO_OPEN, _open, pages, app, upload=_WORLD_FILE),
        form_page(routes.DEMO_JOIN, _join, pages, app),
        Route(routes.DEMO_OVER, _over(pages, app)),
        Route(routes.DEMO_LEAVE, _leave, methods=["POST"]),
        Route(routes.DEMO_END, _end, methods=["POST"]),
        Route(routes.DEMO_TRY_ROSTER, _try_roster, methods=["POST"]),
    ]


def _start(request: Request, fields: Fields) -> Response:
    actor = _count_start(request)
    token, _view = sessions.start(
        fields.get("own_scenario" if fields.get("scenario") == OWN_SCENARIO else "scenario", ""),
        name=fields.get("name", ""),
        address_key=address_of(request),
        language=language(),
        allows_guests=fields.get("guests") == "yes",
        account_id=actor.account_id if actor else None,
    )
    return _trainer_response(token)


def _open(request: Request, fields: Fields) -> Response:
    """Start a session in the world of a file that somebody took along."""
    actor = _count_start(request)
    token, _view = sessions.open_file(
        uploaded(request),
        name=fields.get("name", ""),
        address_key=address_of(request),
        allows_guests=fields.get("guests") == "yes",
        account_id=actor.account_id if actor else None,
    )
    return _trainer_response(token)


def _count_start(request: Request) -> Actor | None:
    """Count a start. Returns the account of who starts, if there is one. Raises `NotSignedIn`, `NotAllowed` and `Throttled`."""
    actor = cookies.actor_of(request)
    if not settings().is_demo:
        if actor is None:
            raise NotSignedIn
        actor.must(Permission.SHOW_DEMOS)
    # Open sessions are limited as well, but the world of one that has just ended stays on the disk for a moment.
    db.write(throttle.count_attempt, "demo start", address_of(request), _STARTS_PER_HOUR, timedelta(hours=1))
    return actor


def _trainer_response(token: str) -> Response:
    # Its summary is kept for a day, so the trainer's browser must still be known then.
    return _seat_response(token, LONGEST + SUMMARY_LASTS)


def _join(request: Request, fields: Fields) -> Response:
    actor = cookies.actor_of(request)
    code, name, kind = (fields.get(field, "") for field in ("code", "name", "kind"))
    account_id = actor.account_id if actor else None
    try:
        return _seat_response(seats.join(code, name, kind, address_key=address_of(request), account_id=account_id))
    except NotFound:
        # The session has ended at this very moment.
        raise WrongCode from None


def _leave(request: Request) -> Response:
    if seat := _seat_of(request):
        # If the seat is gone meanwhile, there is nothing to do.
        with suppress(NotFound):
            db.write(seats.leave, seat)
    if "summary" in request.query_params and (number := _farewell(request).summary):
        return _redirect_to_summary(request, number)
    return _redirect_without_seat(local_path(request.query_params.get("next", "")) or routes.HOME)


def _over(pages: BuiltPages, app: ASGIApp) -> Callable[[Request], Response | ASGIApp]:
    """The page after a session, which says why it is over, and offers its summary to the trainer."""

    def over(request: Request) -> Response | ASGIApp:
        html = pages.html(routes.DEMO_OVER)
        if html is None:
            return app
        if _seat_of(request):
            return see_other(routes.DEMO_ROOM)
        farewell = _farewell(request)
        summary = _("Your summary can be read until tomorrow.") if farewell.summary else ""
        slots = {"why-over": farewell.reason, "consequence": farewell.why.consequence, "summary": summary}
        return page(request, fill_page(html, {}, {}, slots=slots))

    return over


def _farewell(request: Request) -> Farewell:
    return db.read(farewells.farewell, cookies.seat_token(request.scope))


def _end(request: Request) -> Response:
    seat = _seat_of(request)
    if seat is None or not seat.is_trainer:
        return see_other(routes.DEMO_ROOM)
    with suppress(NotFound, NotAllowed):
        db.write(sessions.end, seat)
    return _redirect_to_summary(request, summaries.number_of(seat.session_id))


def _try_roster(request: Request) -> Response:
    """Give the trainer the administrator's seat and the wheel, and lead on to the rosters of the session's world."""
    seat = _seat_of(request)
    if seat is None or not seat.is_trainer:
        return see_other(routes.DEMO_ROOM)
    try:
        db.write(seats.act_as, seat, SeatKind.ADMINISTRATOR)
    except NotFound:
        return see_other(routes.DEMO_ROOM)
    return see_other(routes.ROSTERS)


def _seat_of(request: Request) -> Seat | None:
    return request.scope.get("seat")


def _seat_response(token: str, lasts: timedelta = LONGEST) -> Response:
    response = see_other(routes.DEMO_ROOM)
    cookies.set_seat(response, token, lasts)
    return response


def _redirect_to_summary(request: Request, number: str) -> Response:
    """To the summary, with the proof that this browser was the trainer's, so that it may take the world along."""
    response = _redirect_without_seat(routes.fill(routes.DEMO_SUMMARY, number))
    cookies.set_led(response, cookies.seat_token(request.scope), SUMMARY_LASTS)
    return response


def _redirect_without_seat(path: str) -> Response:
    response = see_other(path)
    cookies.remove_seat(response)
    return response
