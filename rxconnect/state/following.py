"""Following: the server sends the State updates of a demo session's driver also to the tabs that follow.

It mirrors updates, not pages: a follower's page shows the driver's State in its own browser, at its own size. Followers see
the tab that the driver used last in the product (the *source*). The process with the source's socket sends the messages. It
numbers them, in a new stream for each source, and sends them to its own followers and to the other workers (`live.tell`). A
follower that misses a number, or has just come, requests everything. All followers then get the driver's address, current
State and field values.

State gets typed text only after a debounce, so the driver's browser also sends its field values (`components/following.js`).

A socket's seat is known from its handshake (`visitors.py`). The seat's rights are read from the database when a page is
loaded, and at every change in the room.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from reflex.app import EventNamespace
from reflex.constants.state import FIELD_MARKER
from reflex.istate.manager.token import BaseStateToken
from reflex.state import State, StateUpdate, _resolve_delta
from reflex_base.utils.format import json_dumps

from rxconnect import live, routes
from rxconnect.demo import seats
from rxconnect.domain.demo import Seat
from rxconnect.domain.errors import Busy, Unavailable
from rxconnect.domain.text import storable
from rxconnect.domain.topics import Subject, Topic
from rxconnect.redis_client import OUTAGES
from rxconnect.state import visitors
from rxconnect.state.demo.host import HostState
from rxconnect.state.demo.room import RoomState
from rxconnect.state.session import SessionState
from rxconnect.state.transactions import in_thread
from rxconnect.world import own

log = structlog.get_logger()

Delta = dict[str, dict[str, Any]]

# The name of the Socket.IO message to followers.
MESSAGE = "mirror"
# Seconds between two messages with everything, and between two with field values.
_SHOWS_EVERY, _TELLS_EVERY = 0.05, 0.03
# The most fields of one page, and the most characters of a field, which may be a whole message.
_MOST_FIELDS, _LONGEST = 50, 100_000
_FIELD = re.compile(r"[a-z][a-z0-9_-]{0,63}")
# States that are never mirrored: the framework's own, whose router data is each visitor's, and those of the room.
_OF_EACH_TAB = {state.get_full_name() for state in (State, RoomState, HostState)}
# Vars of the frame that are never mirrored: the key of the browser's stored drafts, and the request to reload the page.
_SESSION = SessionState.get_full_name()
_OF_EACH_BROWSER = {f"{var}{FIELD_MARKER}" for var in ("browser_key", "unavailable")}


class Rooms:
    """The demo sessions that have tabs in this process."""

    def __init__(self, sockets: EventNamespace):
        self._sockets = sockets
        self._rooms: dict[int, _Room] = {}
        self._room_of: dict[str, _Room] = {}
        live.hear_with(self._hear)

    async def enter(self, socket: str) -> None:
        """Register a new socket, if its visitor has a seat."""
        if not (token := visitors.of(socket).seat):
            return
        if seat := (await in_thread(_seats, [token])).get(token):
            room = self._rooms.setdefault(seat.session_id, _Room(seat.session_id, self._sockets))
            room.enter(socket, token, seat)
            self._room_of[socket] = room

    def leave(self, socket: str) -> None:
        """Remove a closed socket."""
        if room := self._room_of.pop(socket, None):
            room.leave(socket)
            if not room.tabs:
                del self._rooms[room.id]

    async def heard(self, socket: str, address: str, *, is_load: bool) -> bool:
        """Note an event from the page at `address`. Returns whether a seat sent it from a page of the product."""
        room = self._room_of.get(socket)
        if room is None or routes.is_of_demo(address.partition("?")[0]):
            return False
        await room.heard(socket, address, is_load=is_load)
        return True

    def shown(self, socket: str, update: StateUpdate) -> StateUpdate:
        """The part of a tab's own update that the tab gets. While it follows, this is only the part that is never mirrored."""
        room = self._room_of.get(socket)
        if room is None or not room.follows(socket):
            return update
        return StateUpdate(delta=_divided(update.delta)[0], events=update.events)

    async def mirror(self, socket: str, update: StateUpdate) -> None:
        """Send a tab's update to its followers, if the tab is the source."""
        room = self._room_of.get(socket)
        if room is None or socket != room.source:
            return
        _, delta = _divided(update.delta)
        focused = [event.payload["ref"] for event in update.events if event.name == "_set_focus"]
        if delta or focused:
            await room.say(delta=delta, focus=focused[-1] if focused else "")

    def typed(self, socket: str, values: Any) -> None:
        """Take a browser's field values, by field id. Only those of the source are used."""
        room = self._room_of.get(socket)
        if room is not None and socket == room.source:
            room.typed(_checked(values))

    def asked(self, socket: str) -> None:
        """Send everything again, for a follower that has missed something or has just come."""
        room = self._room_of.get(socket)
        if room is not None and room.follows(socket):
            room.ask()

    async def _hear(self, text: str) -> None:
        """Handle a text of another worker. If texts may have been lost (""), request everything again."""
        if not text:
            for each in self._rooms.values():
                each.ask()
            return
        session_id, message = json.loads(text)
        if room := self._rooms.get(session_id):
            await room.hear(message)


@dataclass(slots=True)
class _Tab:
    """A tab of a seat, with its address in the product ("" until it is used there) and the time of its last use."""

    seat: str
    address: str = ""
    used_at: float = 0.0


class _Room:
    """One demo session, in this process."""

    def __init__(self, session_id: int, sockets: EventNamespace):
        self.id, self._sockets = session_id, sockets
        self._loop = asyncio.get_running_loop()
        # The tabs by socket, and the seats by the hash of their token.
        self.tabs: dict[str, _Tab] = {}
        self._seats: dict[str, Seat] = {}
        # The source's socket, or "" if it is not in this process, and the id of its seat, which may be in another process.
        self.source, self._shown = "", 0
        self._stream, self._number = "", 0
        # The source's field values, and those of them that were not sent yet.
        self._typed: dict[str, str | bool] = {}
        self._untold: dict[str, str | bool] = {}
        self._is_asked = self._is_stale = False
        self._showing: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        with own().bound():
            self._topic = live.address_of(Topic(Subject.ROOM, session_id))

    def enter(self, socket: str, token: str, seat: Seat) -> None:
        """Add a tab that has opened its socket."""
        if not self.tabs:
            live.listen(self._topic, self._wake)
        self.tabs[socket] = _Tab(token)
        self._seats[token] = seat

    def leave(self, socket: str) -> None:
        """Remove a tab that has closed its socket. After the last one, this process no longer listens to the room."""
        del self.tabs[socket]
        if socket == self.source:
            self.source = ""
        if not self.tabs:
            live.stop_listening(self._topic, self._wake)

    def follows(self, socket: str) -> bool:
        """Whether a tab follows the driver."""
        seat = self._seat(socket)
        return seat is not None and seat.follows

    async def heard(self, socket: str, address: str, *, is_load: bool) -> None:
        """Note that a tab was used. If it is the driver's, it becomes the source."""
        if is_load:
            # The tab may get its own State only if it does not follow, so its seat is read again.
            with suppress(Busy, Unavailable):
                await self._look()
        if (tab := self.tabs.get(socket)) is None:
            return
        before, tab.address, tab.used_at = tab.address, address, self._loop.time()
        if not self._drives(socket):
            return
        if socket != self.source:
            self._begin(socket)
        elif address != before:
            self._typed, self._untold = {}, {}
            await self.say(path=address)

    def ask(self) -> None:
        """Make the process that has the source send everything again."""
        if self.source:
            self._show_soon()
        else:
            live.tell(json_dumps([self.id, None]))

    def typed(self, values: dict[str, str | bool]) -> None:
        """Schedule a message with these field values of the source."""
        if len(self._typed | values) <= _MOST_FIELDS:
            self._typed |= values
            self._untold |= values
        if self._telling is None or self._telling.done():
            self._telling = self._loop.create_task(self._tell())

    async def hear(self, message: dict[str, Any] | None) -> None:
        """Handle a message from another worker for the followers here, or its request for everything (None)."""
        if message is None:
            if self.source:
                self._show_soon()
            return
        if message["stream"] != self._stream:
            self.source, self._stream, self._shown = "", message["stream"], message["seat"]
        await self._emit(message)

    async def say(self, **message: Any) -> None:
        """Send a message with the next number to all followers, in every worker."""
        self._number += 1
        message |= {"stream": self._stream, "number": self._number, "seat": self._shown}
        await self._emit(message)
        live.tell(json_dumps([self.id, message]))

    async def _emit(self, message: dict[str, Any]) -> None:
        if followers := [socket for socket in self.tabs if self.follows(socket)]:
            await self._sockets.emit(MESSAGE, message, to=followers)

    def _seat(self, socket: str) -> Seat | None:
        tab = self.tabs.get(socket)
        return self._seats.get(tab.seat) if tab else None

    def _drives(self, socket: str) -> bool:
        seat = self._seat(socket)
        return seat is not None and seat.drives

    def _begin(self, socket: str) -> None:
        """Make this tab the source, and start a new stream."""
        seat = self._seat(socket)
        assert seat is not None
        self.source, self._shown = socket, seat.id
        self._stream, self._number = secrets.token_hex(4), 0
        self._typed, self._untold = {}, {}
        self._show_soon()

    def _show_soon(self) -> None:
        self._is_asked = True
        if self._showing is None or self._showing.done():
            self._showing = self._loop.create_task(self._show())

    async def _show(self) -> None:
        """Send everything, once for all requests so far. It waits for the event that the source is handling."""
        app = self._sockets.app
        while self._is_asked and (token := self._sockets.sid_to_token.get(self.source)):
            with suppress(Busy, Unavailable, *OUTAGES), app.set_contexts():
                async with app.state_manager.modify_state(BaseStateToken(ident=token, cls=State)) as root:
                    self._is_asked = False
                    _, delta = _divided(await _resolve_delta(root.dict()))
                    if tab := self.tabs.get(self.source):
                        await self.say(is_whole=True, path=tab.address, delta=delta, typed=self._typed)
            await asyncio.sleep(_SHOWS_EVERY)

    async def _tell(self) -> None:
        while self._untold:
            values, self._untold = self._untold, {}
            await self.say(typed=values)
            await asyncio.sleep(_TELLS_EVERY)

    def _wake(self) -> None:
        """Called in any thread when something in the room has changed."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._look_soon)

    def _look_soon(self) -> None:
        self._is_stale = True
        if self._looking is None or self._looking.done():
            self._looking = self._loop.create_task(self._look_again())

    async def _look_again(self) -> None:
        while self._is_stale:
            self._is_stale = False
            try:
                await self._look()
            except (Busy, Unavailable) as error:
                log.warning("a room could not look at its seats", reason=str(error))
        self._pass_wheel()

    async def _look(self) -> None:
        """Read the seats from the database: who drives, and who follows."""
        tokens = {tab.seat for tab in self.tabs.values()}
        found = await in_thread(_seats, tokens)
        self._seats = {token: seat for token, seat in self._seats.items() if token not in tokens} | found

    def _pass_wheel(self) -> None:
        """If another seat drives now, make the tab that it used last the source, without waiting for its next event."""
        if self.source and not self._drives(self.source):
            self.source, self._shown = "", 0
        for socket in sorted(self.tabs, key=lambda socket: self.tabs[socket].used_at, reverse=True):
            seat = self._seat(socket)
            if seat and seat.drives and seat.id != self._shown and self.tabs[socket].address:
                self._begin(socket)
                return


def _divided(delta: Any) -> tuple[Delta, Delta]:
    """Split an update into the part that is never mirrored and the part that followers get."""
    own, shared = {}, {}
    for state, changes in delta.items():
        names = changes if state in _OF_EACH_TAB else _OF_EACH_BROWSER if state == _SESSION else ()
        own[state] = {var: value for var, value in changes.items() if var in names}
        shared[state] = {var: value for var, value in changes.items() if var not in names}
    return _filled(own), _filled(shared)


def _filled(delta: Delta) -> Delta:
    return {state: changes for state, changes in delta.items() if changes}


def _seats(tokens: Collection[str]) -> dict[str, Seat]:
    """The seats with these token hashes, without those that are gone."""
    return {token: seat for token in tokens if (seat := seats.find(token))}


def _checked(values: Any) -> dict[str, str | bool]:
    """The field values that a browser sent, without anything that our pages do not send."""
    if not isinstance(values, dict):
        return {}
    return {
        field: storable(value) if isinstance(value, str) else value
        for field, value in values.items()
        if _FIELD.fullmatch(field) and (isinstance(value, bool) or (isinstance(value, str) and len(value) <= _LONGEST))
    }
