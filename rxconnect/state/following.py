"""Following: what the server sends to the tab that drives a demo session, it also sends to the tabs that follow.

It mirrors updates, not pages: a follower's page shows the driver's State, in its own browser, at its own size. Only the last
tab of the driver that somebody used in the product is shown (the *source*). The process that has its socket is the one that
speaks: it numbers what it says, in a stream that begins anew with each source, and says it to its own followers and to the
other workers (`live.tell`). A follower that misses a number, or has just come, asks, and everybody who follows gets the whole
again: where the driver is, their State as it is now, and what stands in their fields.

State learns of typing only after a pause, so the driver's browser also says what stands in its fields (`components/following.js`).

Which sockets belong to which seat is known from their handshakes (`visitors.py`). What a seat may is read from the database
when a page is loaded, and whenever something in the room changes.
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

# How each browser calls what it is told here.
MESSAGE = "mirror"
# Seconds between two times that a room is told everything, or what stands in fields.
_SHOWS_EVERY, _TELLS_EVERY = 0.05, 0.03
# Of one page. Its longest field is a letter.
_MOST_FIELDS, _LONGEST = 50, 100_000
_FIELD = re.compile(r"[a-z][a-z0-9_-]{0,63}")
# What each tab has for itself: the framework's own (its router's data are the visitor's), and what it shows of the room.
_OF_EACH_TAB = {state.get_full_name() for state in (State, RoomState, HostState)}
# Of the frame: by what name a browser keeps its own words, and that it should load its page again.
_SESSION = SessionState.get_full_name()
_OF_EACH_BROWSER = {f"{var}{FIELD_MARKER}" for var in ("browser_key", "unavailable")}


class Rooms:
    """The demo sessions that this process has tabs of."""

    def __init__(self, sockets: EventNamespace):
        self._sockets = sockets
        self._rooms: dict[int, _Room] = {}
        self._room_of: dict[str, _Room] = {}
        live.hear_with(self._hear)

    async def enter(self, socket: str) -> None:
        """A socket has opened. Those of people who have no seat are of no interest here."""
        if not (token := visitors.of(socket).seat):
            return
        if seat := (await in_thread(_seats, [token])).get(token):
            room = self._rooms.setdefault(seat.session_id, _Room(seat.session_id, self._sockets))
            room.enter(socket, token, seat)
            self._room_of[socket] = room

    def leave(self, socket: str) -> None:
        """A socket has closed."""
        if room := self._room_of.pop(socket, None):
            room.leave(socket)
            if not room.tabs:
                del self._rooms[room.id]

    async def heard(self, socket: str, address: str, *, is_load: bool) -> bool:
        """A tab has sent an event from the page at `address`. Whether it is one of a seat, in the product."""
        room = self._room_of.get(socket)
        if room is None or routes.is_of_demo(address.partition("?")[0]):
            return False
        await room.heard(socket, address, is_load=is_load)
        return True

    def shown(self, socket: str, update: StateUpdate) -> StateUpdate:
        """What a tab is told of its own State: while it follows, only what each tab has for itself."""
        room = self._room_of.get(socket)
        if room is None or not room.follows(socket):
            return update
        return StateUpdate(delta=_divided(update.delta)[0], events=update.events)

    async def mirror(self, socket: str, update: StateUpdate) -> None:
        """A tab was told this: if it is the one that a room sees, the room hears of it."""
        room = self._room_of.get(socket)
        if room is None or socket != room.source:
            return
        _, delta = _divided(update.delta)
        focused = [event.payload["ref"] for event in update.events if event.name == "_set_focus"]
        if delta or focused:
            await room.say(delta=delta, focus=focused[-1] if focused else "")

    def typed(self, socket: str, values: Any) -> None:
        """A browser says what stands in its fields, by their ids. Only that of the source is of interest."""
        room = self._room_of.get(socket)
        if room is not None and socket == room.source:
            room.typed(_checked(values))

    def asked(self, socket: str) -> None:
        """A tab that follows has missed something, or has just come."""
        room = self._room_of.get(socket)
        if room is not None and room.follows(socket):
            room.ask()

    async def _hear(self, text: str) -> None:
        """What another worker tells; when something was lost, everything is asked for again."""
        if not text:
            for each in self._rooms.values():
                each.ask()
            return
        session_id, message = json.loads(text)
        if room := self._rooms.get(session_id):
            await room.hear(message)


@dataclass(slots=True)
class _Tab:
    """A tab of a seat: where it was in the product when it was last used, "" before that, and when."""

    seat: str
    address: str = ""
    used_at: float = 0.0


class _Room:
    """One demo session."""

    def __init__(self, session_id: int, sockets: EventNamespace):
        self.id, self._sockets = session_id, sockets
        self._loop = asyncio.get_running_loop()
        # By socket and by the hash of a seat.
        self.tabs: dict[str, _Tab] = {}
        self._seats: dict[str, Seat] = {}
        # The socket of the tab that the room sees; "" when it is not in this process. The id of the seat, wherever that is.
        self.source, self._shown = "", 0
        self._stream, self._number = "", 0
        # What stands in its fields; what of it was not told yet.
        self._typed: dict[str, str | bool] = {}
        self._untold: dict[str, str | bool] = {}
        self._is_asked = self._is_stale = False
        self._showing: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        with own().bound():
            self._topic = live.address_of(Topic(Subject.ROOM, session_id))

    def enter(self, socket: str, token: str, seat: Seat) -> None:
        """A tab of a seat has opened its socket."""
        if not self.tabs:
            live.listen(self._topic, self._wake)
        self.tabs[socket] = _Tab(token)
        self._seats[token] = seat

    def leave(self, socket: str) -> None:
        """A tab has closed its socket. The last one ends the room, in this process."""
        del self.tabs[socket]
        if socket == self.source:
            self.source = ""
        if not self.tabs:
            live.stop(self._topic, self._wake)

    def follows(self, socket: str) -> bool:
        """Whether a tab shows what the driver sees."""
        seat = self._seat(socket)
        return seat is not None and seat.follows

    async def heard(self, socket: str, address: str, *, is_load: bool) -> None:
        """A tab was used. If it is the driver's, it is the one that is shown from now on."""
        if is_load:
            # Whether its own State may reach it depends on what it may do now.
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
        """Have everything said again, by whichever process has the source."""
        if self.source:
            self._show_soon()
        else:
            live.tell(json_dumps([self.id, None]))

    def typed(self, values: dict[str, str | bool]) -> None:
        """Say soon what stands in fields of the source."""
        if len(self._typed | values) <= _MOST_FIELDS:
            self._typed |= values
            self._untold |= values
        if self._telling is None or self._telling.done():
            self._telling = self._loop.create_task(self._tell())

    async def hear(self, message: dict[str, Any] | None) -> None:
        """Another worker says something for the followers, or asks for everything."""
        if message is None:
            if self.source:
                self._show_soon()
            return
        if message["stream"] != self._stream:
            self.source, self._stream, self._shown = "", message["stream"], message["seat"]
        await self._emit(message)

    async def say(self, **message: Any) -> None:
        """Say something to all who follow, in every worker, with the next number."""
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
        """From now on the room sees this tab."""
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
        """Say everything, once for all who have asked. It waits for the event that is under way in the source."""
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
        """Something in the room has changed. Called in any thread."""
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
        """Read who drives and who follows."""
        tokens = {tab.seat for tab in self.tabs.values()}
        found = await in_thread(_seats, tokens)
        self._seats = {token: seat for token, seat in self._seats.items() if token not in tokens} | found

    def _pass_wheel(self) -> None:
        """Show somebody else's tab when they drive now. It may be one that nobody has used since."""
        if self.source and not self._drives(self.source):
            self.source, self._shown = "", 0
        for socket in sorted(self.tabs, key=lambda socket: self.tabs[socket].used_at, reverse=True):
            seat = self._seat(socket)
            if seat and seat.drives and seat.id != self._shown and self.tabs[socket].address:
                self._begin(socket)
                return


def _divided(delta: Any) -> tuple[Delta, Delta]:
    """An update as what each tab has for itself, and what others may see."""
    own, shared = {}, {}
    for state, changes in delta.items():
        names = changes if state in _OF_EACH_TAB else _OF_EACH_BROWSER if state == _SESSION else ()
        own[state] = {var: value for var, value in changes.items() if var in names}
        shared[state] = {var: value for var, value in changes.items() if var not in names}
    return _filled(own), _filled(shared)


def _filled(delta: Delta) -> Delta:
    return {state: changes for state, changes in delta.items() if changes}


def _seats(tokens: Collection[str]) -> dict[str, Seat]:
    """Those of the seats that are not gone, by the hashes by which they are known."""
    return {token: seat for token in tokens if (seat := seats.find(token))}


def _checked(values: Any) -> dict[str, str | bool]:
    """What a browser says of its fields, as far as one of our pages could say it."""
    if not isinstance(values, dict):
        return {}
    return {
        field: storable(value) if isinstance(value, str) else value
        for field, value in values.items()
        if _FIELD.fullmatch(field) and (isinstance(value, bool) or (isinstance(value, str) and len(value) <= _LONGEST))
    }
