"""Restricts the framework's Socket.IO namespace: which messages it accepts, and which socket an update may reach."""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import reflex as rx
import structlog
from engineio.packet import PING, Packet
from reflex.app import EventNamespace
from reflex.state import OnLoadInternalState, State, StateUpdate
from reflex_base.constants import RouteVar
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler

from rxconnect.domain.demo import Seat
from rxconnect.domain.visitors import Visitor
from rxconnect.services.accounts import tokens
from rxconnect.state import lifetimes, listening, visitors
from rxconnect.state.demo.room import RoomState
from rxconnect.state.following import Rooms

log = structlog.get_logger()

# The only messages our pages send, the last two in a demo session. `connect` and `disconnect` belong to the transport,
# but python-socketio would also take them from a browser, with an environ that the browser made up.
_FROM_A_PAGE = {"event", "client_error", "present", "typed", "looking"}
# The framework's events for a full page load.
_WHOLE = ("hydrate", "hydrate_and_load")
# A tab's own name: a UUID that Reflex makes in the browser.
_TAB = re.compile(r"[0-9A-Za-z-]{1,64}")
# Characters, about the limit of browsers and proxies.
_LONGEST_ADDRESS = 8_192
# Events of one tab that may wait in the queue. People make a few a second.
_LONGEST_QUEUE = 200
# Seconds within which a browser that is still connected answers.
_ANSWERS_WITHIN = 1.0


def install_sockets(app: rx.App) -> Sockets:
    """Replace the framework's namespace with ours."""
    namespace = app.event_namespace
    assert namespace is not None
    assert app.sio is not None
    sockets = Sockets(namespace.namespace, app)
    app._event_namespace = sockets
    app.sio.register_namespace(sockets)
    return sockets


class Sockets(EventNamespace):
    """Sends updates to an address that belongs to one tab *and* one sign-in, so that no other account can get them.

    State is stored under the same address. The next person at the tab has another address, and cannot reach the first
    person's state or their events in progress.
    """

    def __init__(self, namespace: str, app: rx.App):
        super().__init__(namespace, app)
        self._rooms = Rooms(self)

    async def trigger_event(self, event: Any, *args: Any) -> Any:
        """Refuse messages that our pages do not send. The transport sends its own before a socket is connected."""
        if event not in _FROM_A_PAGE and self.server.manager.is_connected(args[0], self.namespace):
            log.warning("socket message refused", message=str(event)[:40])
            return None
        return await super().trigger_event(event, *args)

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Register a new socket. `api/socket_door.py` has already identified its visitor."""
        visitors.register(sid, environ["asgi.scope"]["visitor"])
        try:
            await self._rooms.enter(sid)
            await super().on_connect(sid, environ, auth)
        except BaseException:
            self._rooms.leave(sid)
            visitors.unregister(sid)
            raise

    def on_disconnect(self, sid: str) -> asyncio.Task | None:
        """Clean up after a closed socket. A visitor's state is deleted; a signed-in user's is kept for ten minutes."""
        listening.end_page(sid)
        self._rooms.leave(sid)
        address = self.sid_to_token.get(sid, "")
        task = super().on_disconnect(sid)
        visitors.unregister(sid)
        if lifetimes.is_anonymous(address):
            lifetimes.delete_state(self.app, address)
        return task

    async def on_event(self, sid: str, data: Any) -> None:
        """Accept an event if one of our pages can send it."""
        event = _parse_event(data)
        if event is None or self._is_queue_full(sid):
            log.warning("event refused")
            return
        page, is_load = event["router_data"], event["name"] in _page_load_events()
        if is_load and sid in self._static_router_data:
            listening.begin_page(sid, page[RouteVar.ORIGIN])
        is_in_room = await self._rooms.note_use(sid, page[RouteVar.ORIGIN], is_load=is_load)
        await super().on_event(sid, {**event, "router_data": dict(page)})
        if is_in_room and is_load:
            # The product's pages do not know about demo sessions, so none of them loads the room's State.
            load = format_event_handler(RoomState.load)
            await super().on_event(sid, {"name": load, "payload": {}, "router_data": page})

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        """Send an update to a tab, and to the tabs that follow it."""
        record = self._token_manager.token_to_socket.get(token)
        sid = record.sid if record else ""
        await super().emit_update(self._rooms.own_part(sid, update), token)
        await self._rooms.mirror_update(sid, update)

    async def note_seat(self, sid: str, seat: Seat) -> None:
        """Take the seat that an event has just read. See `Rooms.note_seat`."""
        await self._rooms.note_seat(sid, seat)

    async def on_present(self, sid: str, _data: Any = None) -> None:
        """Handle the request of a following tab for everything that the driver sees."""
        self._rooms.request_snapshot(sid)

    async def on_typed(self, sid: str, data: Any = None) -> None:
        """Take the field values of the driver's browser."""
        self._rooms.schedule_field_values(sid, data)

    async def on_looking(self, sid: str, data: Any = None) -> None:
        """Take the place in the page at which the driver looks."""
        self._rooms.schedule_anchor(sid, data)

    async def link_token_to_sid(self, sid: str, token: str, *, update_state: bool = True) -> None:
        """Give the socket its address. A duplicated tab gets a new name."""
        if not _TAB.fullmatch(token):
            # Socket.IO then refuses the connection.
            raise ConnectionRefusedError
        visitor, manager = visitors.visitor_of(sid), self._token_manager
        await self._end_silent_socket(_state_address(token, visitor))
        if duplicate := await manager.link_token_to_sid(_state_address(token, visitor), sid):
            await manager.disconnect_token(duplicate, sid)
            tab = str(uuid.uuid4())
            await manager.link_token_to_sid(_state_address(tab, visitor), sid)
            await self.emit("new_token", tab, to=sid)

    def _build_static_router_data(self, sid: str, environ: dict[str, Any]) -> dict[str, Any]:
        """The only header that state keeps of a handshake: the page's origin."""
        origin = environ.get("HTTP_ORIGIN", "")
        return {RouteVar.SESSION_ID: sid, RouteVar.HEADERS: {"origin": origin}, RouteVar.CLIENT_IP: ""}

    def _is_queue_full(self, sid: str) -> bool:
        waiting = self.app.event_processor._token_queues.get(self.sid_to_token.get(sid, ""), ())
        return len(waiting) >= _LONGEST_QUEUE

    async def _end_silent_socket(self, address: str) -> None:
        """Close the tab's older socket if it does not answer: a phone may have changed its network and reconnected.

        Otherwise the framework would treat the phone as a new tab, with empty state.
        """
        record = self._token_manager.token_to_socket.get(address)
        if record is None or record.instance_id != self._token_manager.instance_id:
            return
        server = self.server
        older = server.eio.sockets.get(server.manager.eio_sid_from_sid(record.sid, self.namespace))
        if older is not None and not await _answers_ping(older):
            await older.close(wait=False, abort=True)


def _state_address(tab: str, visitor: Visitor) -> str:
    """The address of a tab's state and updates: one for each tab, sign-in (also at a kiosk) and world."""
    who = f"{tab}\0{visitor.sign_in}\0{visitor.kiosk}\0{visitor.world}"
    # The frames of the split view have one name, that of their window.
    address = tokens.keyed_hash("tab", f"{who}\0watches {visitor.watches}" if visitor.watches else who)
    if visitor.is_anonymous:
        return lifetimes.mark_anonymous(address)
    return lifetimes.mark_seat(address) if visitor.seat else address


async def _answers_ping(socket: Any) -> bool:
    """Whether the browser at the other end of an Engine.IO socket still answers a ping."""
    socket.last_ping = time.time()
    await socket.send(Packet(PING))
    # Engine.IO clears this when the answer comes.
    for _ in range(20):
        if socket.closed or not socket.last_ping:
            break
        await asyncio.sleep(_ANSWERS_WITHIN / 20)
    return not socket.closed and not socket.last_ping


@lru_cache(maxsize=1)
def _page_load_events() -> frozenset[str]:
    """The framework's events that load a page: fully, or on a move inside the app."""
    moves = OnLoadInternalState.event_handlers["on_load_internal"]
    return frozenset(map(format_event_handler, [moves, *(State.event_handlers[name] for name in _WHOLE)]))


def _parse_event(data: Any) -> dict[str, Any] | None:
    """The event reduced to the fields our pages send, or None if it is invalid.

    The browser gives only the address of its page; path and query are parsed from it.
    """
    if not isinstance(data, dict):
        return None
    name, payload = data.get("name"), data.get("payload")
    payload = {} if payload is None else payload
    said = data.get("router_data")
    route = _parse_route(said.get(RouteVar.ORIGIN, "") if isinstance(said, dict) else "")
    if not isinstance(name, str) or not isinstance(payload, dict) or route is None:
        return None
    if name not in RegistrationContext.get().event_handlers:
        return None
    return {"name": name, "payload": payload, "router_data": route}


def _parse_route(address: Any) -> dict[str, Any] | None:
    """The framework's router data for an address, or None if no browser can show it."""
    if not isinstance(address, str) or len(address) > _LONGEST_ADDRESS:
        return None
    try:
        # JSON can hold lone surrogates, which cannot be sent back.
        address.encode()
    except UnicodeEncodeError:
        return None
    path, _, query = address.partition("#")[0].partition("?")
    return {RouteVar.PATH: path, RouteVar.ORIGIN: address, RouteVar.QUERY: dict(parse_qsl(query))}
