"""Drives the app without a browser: real socket events, the real Gate and guards, a real database."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from reflex.state import BaseState, OnLoadInternalState, State, StateUpdate
from reflex_base.event import Event, EventHandler, EventSpec
from reflex_base.event.processor import BaseStateEventProcessor
from reflex_base.utils.format import format_event_handler, json_dumps
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.api.socket_door import SocketDoor
from rxconnect.api.worlds import Worlds
from rxconnect.domain.accounts import Actor
from rxconnect.i18n import ENGLISH, using_language
from rxconnect.models import SignIn
from rxconnect.rxconnect import apologise, app
from rxconnect.services.accounts import seen, sign_ins
from rxconnect.services.kiosk import sign_ins as kiosk_sign_ins
from rxconnect.state import mirror
from rxconnect.state.on_demand import states_on_demand
from rxconnect.state.sockets import Sockets
from rxconnect.world import world_of
from tests import kiosks
from tests.built_values import built_values

R = TypeVar("R")
_count = itertools.count(1)

LOAD_PAGE = format_event_handler(State.event_handlers["hydrate_and_load"])
MOVE_TO_PAGE = format_event_handler(OnLoadInternalState.event_handlers["on_load_internal"])


def sign_in(actor: Actor) -> str:
    """Start a sign-in. Returns the token for the browser's cookie."""
    return db.write(sign_ins.create_sign_in, actor.account_id)


def sign_in_at_kiosk(person: Actor) -> str:
    """Sign a person in custody in at a kiosk of their facility. Returns the token for the kiosk's cookie."""
    return kiosks.sign_in(person)[0]


def let_pass(time: timedelta) -> None:
    """Make everything about sign-ins that much older. The clock of a test does not reach the handlers."""
    with db.transaction() as session:
        for row in session.exec(select(SignIn)):
            row.created_at, row.seen_at, row.password_at = (
                moment - time for moment in (row.created_at, row.seen_at, row.password_at)
            )
    for cache in (seen._seen(), seen._seen_at_kiosks()):
        for token_hash, moment in cache.items():
            cache[token_hash] = moment - time


def name_of(state: type[BaseState], handler: str) -> str:
    """The name by which a browser calls a handler."""
    return f"{state.get_full_name()}.{handler}"


class Server:
    """One process of the app, with its own event loop, which only runs during a call from the test."""

    def __init__(self) -> None:
        self.errors: list[Exception] = []
        self.tabs: dict[str, Tab] = {}
        self._runner = asyncio.Runner()
        self._processor = BaseStateEventProcessor(middleware=app, backend_exception_handler=self._apologise)
        self.sockets = app._event_namespace = _Sockets(self)
        app._state_manager = states_on_demand()
        app._event_processor = self._processor.configure(state_manager=app.state_manager, event_namespace=self.sockets)
        self.run(self._processor.start)

    def tab(self, token: str = "", *, seat: str = "", kiosk: str = "") -> Tab:
        """A new browser tab, with the tokens of a sign-in, of a `seat` in a demo session, and of one at a `kiosk` as cookies."""
        tab = Tab(self, f"tab{next(_count)}", token)
        tab.seat, tab.kiosk = seat, kiosk
        self.tabs[tab.id] = tab
        return tab

    def run(self, step: Callable[..., Awaitable[R]], *args: Any) -> R:
        """Await `step(*args)` and all events and tasks that it starts."""
        return self._runner.run(self.settled(step, *args))

    def forget(self, tab: Tab) -> None:
        """Evict the state of a tab, as happens after a long idle time."""
        del app.state_manager.states[self.sockets.sid_to_token[tab.socket]]

    def root(self, tab: Tab) -> BaseState:
        """The server's root state for a tab."""
        return app.state_manager.states[self.sockets.sid_to_token[tab.socket]]

    async def said_by_browser(self, tab: Tab, message: Any, *args: Any) -> Any:
        """Deliver a message as python-socketio does: the message's name selects the method."""
        return await self.sockets.trigger_event(message, tab.socket, *args)

    def close(self) -> None:
        for tab in self.tabs.values():
            self.run(tab.close)
        self.run(self._processor.stop)
        self._runner.close()
        app._event_processor = None

    def _apologise(self, error: Exception) -> EventSpec | None:
        self.errors.append(error)
        return apologise(error)

    async def settled(self, step: Callable[..., Awaitable[R]], *args: Any) -> R:
        """As `run`, but inside the event loop."""
        result = await step(*args)
        await self._processor.join()
        while self._processor._tasks:
            await asyncio.wait(self._processor._tasks.values())
            await self._processor.join()
        return result


class Tab:
    """A browser tab: sends events, and records every update."""

    def __init__(self, server: Server, tab_id: str, token: str) -> None:
        self.server, self.id, self.cookie = server, tab_id, token
        self.seat = self.kiosk = self.watches = ""
        # The name of the world to which its requests are bound. A tab with a `seat` is in the seat's world instead.
        self.world = ""
        self.language = ENGLISH
        # The `X-Forwarded-For` header of the browser's requests.
        self.forwarded = ""
        self.address = ""
        self.frames: list[str] = []
        self.redirects: list[str] = []
        # The ids of the focused elements, in the framework's spelling: `page_title`.
        self.focused: list[str] = []
        # What it was told of the tab that it follows.
        self.mirrored: list[dict[str, Any]] = []
        # How often it was told to open its socket again.
        self.times_reopened = 0
        self.vars: dict[str, dict[str, Any]] = {}
        self.socket = ""

    def open(self, address: str) -> Tab:
        """Load a full page: a new socket, with the current cookie."""
        self.server.run(self.connect)
        snapshot, hashes = built_values()
        self.vars = json.loads(snapshot)
        return self._visit(LOAD_PAGE, address, {"hashes": hashes})

    def reconnect(self, cookie: str) -> Tab:
        """Open a new socket with another cookie and the same tab id, without loading a page."""
        self.cookie = cookie
        self.server.run(self.connect)
        return self

    def go(self, address: str) -> Tab:
        """Move to another page inside the app, and follow its redirects."""
        return self._visit(MOVE_TO_PAGE, address)

    def call(self, event: EventSpec | EventHandler) -> Tab:
        """Send the event of a control, and follow its redirects."""
        (fixed,) = Event.from_event_type(event)
        self.send(fixed.name, fixed.payload)
        return self._follow()

    def send(self, name: str, payload: Any = None) -> Tab:
        """Send any event with any payload, as any client can."""
        self.server.run(self.post, name, payload)
        return self

    async def post(self, name: str, payload: Any = None) -> None:
        """Put an event on the socket, as JSON, without waiting for its effect."""
        path = self.address.partition("?")[0]
        event = {"name": name, "payload": payload or {}, "router_data": {"pathname": path, "asPath": self.address}}
        await self.server.sockets.on_event(self.socket, json.loads(json.dumps(event)))

    def shown(self, state: type[BaseState], var: str) -> Any:
        """The browser's value of a var."""
        return self.vars[state.get_full_name()][f"{var}_rx_state_"]

    def said(self, state: type[BaseState]) -> str:
        """Every problem that the page shows, in one text."""
        return " ".join([self.shown(state, "problem"), *self.shown(state, "problems").values()]).strip()

    def held(self, state: type[BaseState]) -> Any:
        """The server's instance of a State."""
        return self.server.root(self).get_substate(state.get_full_name().split("."))

    def forget_frames(self) -> Tab:
        self.frames, self.redirects, self.focused = [], [], []
        return self

    @property
    def heard(self) -> str:
        """All frames from the server, joined."""
        return "\n".join(self.frames)

    @property
    def told(self) -> dict[str, dict[str, Any]]:
        """The vars of each State that the server sent, with their last values."""
        found: dict[str, dict[str, Any]] = {}
        for frame in self.frames:
            for state, changes in json.loads(frame).get("delta", {}).items():
                found.setdefault(state, {}).update(changes)
        return found

    def hear(self, update: StateUpdate) -> None:
        """Apply an update from the server, after a round trip through JSON."""
        frame = json_dumps(update)
        frame.encode()
        self.frames.append(frame)
        told = json.loads(frame)
        for state, changes in told.get("delta", {}).items():
            self.vars.setdefault(state, {}).update(changes)
        for event in told.get("events", []):
            if event["name"] == "_redirect":
                self.redirects.append(event["payload"]["path"])
            elif event["name"] == "_set_focus":
                self.focused.append(event["payload"]["ref"].removeprefix("ref_"))

    async def connect(self) -> None:
        """Open a new socket, with the current cookie."""
        older, self.socket = self.socket, f"{self.id}-{next(_count)}"
        if older:
            # The older socket of the same tab is closed by then.
            await self.server.sockets.on_disconnect(older)
        with world_of(self.world).bound(), using_language(self.language):
            scope = await _scope(self.cookie, self.forwarded, self.seat, self.kiosk, self.watches)
        environ = {"QUERY_STRING": f"token={self.id}", "HTTP_ORIGIN": "http://127.0.0.1:8000", "asgi.scope": scope}
        await self.server.sockets.on_connect(self.socket, environ)
        app.sio.manager.basic_enter_room(self.socket, "/_event", None, eio_sid=self.socket)

    async def close(self) -> None:
        """Close the tab, if it was ever open."""
        if self.socket and (closing := self.server.sockets.on_disconnect(self.socket)):
            await closing
        self.socket = ""

    def _visit(self, event: str, address: str, payload: dict[str, Any] | None = None) -> Tab:
        self.address = address
        self.send(event, payload)
        return self._follow()

    def _follow(self) -> Tab:
        """Follow the last redirect, until there is none."""
        while self.redirects and self.redirects[-1] != self.address:
            self.address = self.redirects[-1]
            self.send(MOVE_TO_PAGE)
        return self


class _Sockets(Sockets):
    """Our own namespace, which delivers messages to the tab instead of a wire."""

    def __init__(self, server: Server) -> None:
        super().__init__("/_event", app)
        self._set_server(app.sio)
        self._server = server

    async def emit(self, event: str, data: Any = None, to: str | list[str] | None = None, **_kwargs: Any) -> None:
        """Deliver an update to the tabs of the sockets."""
        sockets = [to] if isinstance(to, str) else to or []
        for tab in [tab for tab in self._server.tabs.values() if tab.socket in sockets]:
            if event == "event":
                tab.hear(data)
            elif event == mirror.MESSAGE:
                tab.mirrored.append(json.loads(json_dumps(data)))
            elif event == "seat_gone":
                tab.redirects.append(routes.DEMO_OVER)
            elif event == "reopen_socket":
                tab.times_reopened += 1


async def _scope(cookie: str, forwarded: str, seat: str, kiosk: str, watches: str) -> dict[str, Any]:
    """The scope of a socket's request after our middleware, as the framework gets it. `watches` is a frame's seat."""
    headers = [(b"host", b"127.0.0.1:8000"), (b"origin", b"http://127.0.0.1:8000")]
    if forwarded:
        headers.append((b"x-forwarded-for", forwarded.encode()))
    if cookie:
        headers.append((b"cookie", f"theme=dark; {sign_ins.cookie_name()}={cookie}".encode()))
    if seat:
        headers.append((b"cookie", f"{sign_ins.seat_cookie_name()}={seat}".encode()))
    if kiosk:
        headers.append((b"cookie", f"{kiosk_sign_ins.cookie_name()}={kiosk}".encode()))
    scope = {
        "type": "websocket",
        "path": "/_event/",
        "query_string": f"watches={watches}".encode(),
        "headers": headers,
        "client": ("203.0.113.9", 4000),
    }
    seen: list[dict[str, Any]] = []

    async def framework(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    door = SocketDoor(framework)
    await (Worlds(door, routes=[]) if seat else door)(scope, None, None)
    return seen[0]
