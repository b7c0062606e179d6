"""Binds each request, and each socket while it opens, to its world (`rxconnect/world.py`).

All requests of a browser with a seat in a demo session run in that session's world, except the pages of demo sessions, which
run in the installation's own world. A browser whose seat is gone never reaches the installation, since another cookie of the
same browser may belong to a real account. It only gets the page that says that the session is over.
"""

from __future__ import annotations

from collections.abc import Sequence

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from rxconnect import logs, routes
from rxconnect.api import cookies
from rxconnect.api.apologies import retry_later_response
from rxconnect.api.replies import plain_page, see_other
from rxconnect.api.security import READS
from rxconnect.demo import seats
from rxconnect.domain import refusals
from rxconnect.domain.demo import Seat
from rxconnect.domain.errors import Busy, NotDriving, Unavailable
from rxconnect.i18n import _, language, using_language
from rxconnect.services.accounts import sign_ins
from rxconnect.world import own, world_of

# These begin or end sign-ins. The seat determines them, so a seat is redirected home instead.
_SETTLED = {
    routes.HOME,
    routes.SIGN_IN,
    routes.SIGN_UP,
    routes.SIGN_OUT_EVERYWHERE,
    routes.FORGOT_PASSWORD,
    routes.RESET_PASSWORD,
    routes.CHANGE_PASSWORD,
    routes.CHANGE_EMAIL,
    routes.CONFIRM_EMAIL,
    routes.CLOSE_ACCOUNT,
    routes.SECOND_STEP,
    routes.REOPEN,
    routes.SECOND_FACTOR,
    routes.RECOVERY_CODES,
    routes.INVITATION,
    routes.KIOSK,
    routes.KIOSK_DEVICE,
    routes.KIOSK_PIN,
    routes.KIOSK_SIGN_OUT,
}
# These lead into a session, or sign out. A seat is redirected to its room instead.
_TO_THE_ROOM = {routes.DEMO, routes.DEMO_OPEN, routes.DEMO_JOIN, routes.SIGN_OUT}
# The health checks are the same for everyone.
_FOR_EVERYBODY = {routes.HEALTH, routes.READY}


class Worlds:
    """Middleware that puts the browser's seat, if it has one, into the scope, and binds the seat's world.

    A request without a seat is in the installation's own world. `routes` are the routes beside the app's pages.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]):
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        token = cookies.seat_token(scope) if scope["type"] != "lifespan" and not self._is_file(scope) else ""
        with own().bound():
            if not token:
                await self._app(scope, receive, send)
                return
            try:
                seat_hash = sign_ins.seat_hash(token)
                seat = await to_thread.run_sync(seats.find, seat_hash)
                world = world_of(seat.world) if seat else own()
            except (Busy, Unavailable) as error:
                await _send_retry_later(error, scope, receive, send)
                return
            # The same dictionary, so that the headers of the response know of it (`security.py`).
            scope.update(seat=seat, seat_hash=seat_hash)
            with using_language(seat.language if seat else language()):
                if answer := _answer_for_seat(scope, seat):
                    await answer(scope, receive, send)
                elif seat is None or _runs_in_own_world(scope["path"]):
                    await self._app(scope, receive, send)
                else:
                    logs.add_facts(world=world.name)
                    with world.bound(may_write=seat.may_write, driver=seat.writer):
                        await self._app(scope, receive, send)

    def _is_file(self, scope: Scope) -> bool:
        """Whether the request is for a script, an image or a stylesheet, which are the same in every world."""
        is_named = scope["type"] == "http" and scope["method"] in READS and "." in scope["path"].rpartition("/")[2]
        return is_named and all(route.matches(scope)[0] is not Match.FULL for route in self._routes)


def _answer_for_seat(scope: Scope, seat: Seat | None) -> Response | None:
    """The response that follows from the seat alone, or None to go on. Sockets go on, as the Gate checks each event."""
    path = scope["path"]
    if scope["type"] != "http" or path in _FOR_EVERYBODY:
        return None
    if seat is None:
        return None if routes.is_of_demo(path) else see_other(routes.DEMO_OVER)
    if path in _TO_THE_ROOM:
        return see_other(routes.DEMO_ROOM)
    if path in _SETTLED:
        is_over = path == routes.KIOSK and scope["query_string"]
        return see_other(routes.DEMO_ROOM if is_over else routes.home_of(seat.kind.acts_as))
    may = scope["method"] in READS or seat.may_write or routes.is_of_demo(path) or path == routes.LANGUAGE
    return None if may else _change_refused(scope, refusals.sentence(NotDriving(seat.writer)))


def _change_refused(scope: Scope, sentence: str) -> Response:
    if Headers(scope=scope).get("content-type", "").startswith("application/json"):
        return JSONResponse({"problem": sentence}, 403, {"Cache-Control": "no-store"})
    return plain_page(_("You are looking around"), sentence, 403)


def _runs_in_own_world(path: str) -> bool:
    return routes.is_of_demo(path) or path in _FOR_EVERYBODY


async def _send_retry_later(error: Busy | Unavailable, scope: Scope, receive: Receive, send: Send) -> None:
    """The database does not answer, or the world is being replaced. Pages then retry by themselves."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1013})
    else:
        await retry_later_response(Request(scope), error)(scope, receive, send)
