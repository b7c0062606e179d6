"""Following: the server sends the State updates of a demo session's driver also to the tabs that follow.

It mirrors updates, not pages: a follower's page shows the driver's State in its own browser, at its own size. Followers see
the tab that the driver used last in the product (the *source*). `mirror.py` has the messages; here is who sends and gets them.

A socket's seat is known from its handshake (`visitors.py`). The seat's rights are read from the database when a page is
loaded, and at every change in the room.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from reflex.app import EventNamespace
from reflex.state import StateUpdate

from rxconnect import live, routes
from rxconnect.demo import seats
from rxconnect.domain.demo import Seat
from rxconnect.domain.errors import Busy, Unavailable
from rxconnect.domain.topics import Subject, Topic
from rxconnect.state import visitors
from rxconnect.state.mirror import Mirror, divided
from rxconnect.state.transactions import in_thread
from rxconnect.world import own

log = structlog.get_logger()


class Rooms:
    """The demo sessions that have tabs in this process."""

    def __init__(self, sockets: EventNamespace):
        self._sockets = sockets
        self._rooms: dict[int, _Room] = {}
        self._room_of: dict[str, _Room] = {}
        live.hear_with(self._handle_relayed)

    async def enter(self, socket: str) -> None:
        """Register a new socket, if its visitor has a seat."""
        if not (token := visitors.visitor_of(socket).seat):
            return
        if seat := await in_thread(seats.find, token):
            room = self._rooms.setdefault(seat.session_id, _Room(seat.session_id, self._sockets))
            room.enter(socket, token, seat)
            self._room_of[socket] = room

    def leave(self, socket: str) -> None:
        """Remove a closed socket."""
        if room := self._room_of.pop(socket, None):
            room.leave(socket)
            if not room.tabs:
                del self._rooms[room.id]

    async def note_use(self, socket: str, address: str, *, is_load: bool) -> bool:
        """Note an event from the page at `address`. Returns whether a seat sent it from a page of the product."""
        room = self._room_of.get(socket)
        if room is None or routes.is_of_demo(address.partition("?")[0]):
            return False
        await room.note_use(socket, address, is_load=is_load)
        return True

    def own_part(self, socket: str, update: StateUpdate) -> StateUpdate:
        """The part of a tab's own update that the tab gets. While it follows, this is only the part that is never mirrored."""
        room = self._room_of.get(socket)
        if room is None or not room.follows(socket):
            return update
        return StateUpdate(delta=divided(update.delta)[0], events=update.events)

    async def mirror_update(self, socket: str, update: StateUpdate) -> None:
        """Send a tab's update to its followers, if the tab is the source."""
        if mirror := self._from_source(socket):
            await mirror.update(update)

    def schedule_field_values(self, socket: str, values: Any) -> None:
        """Take a browser's field values, by field id. Only those of the source are used."""
        if mirror := self._from_source(socket):
            mirror.schedule_field_values(values)

    def request_snapshot(self, socket: str) -> None:
        """Send everything again, for a follower that has missed something or has just come."""
        room = self._room_of.get(socket)
        if room is not None and room.follows(socket):
            room.mirror.request_snapshot()

    def _from_source(self, socket: str) -> Mirror | None:
        """The mirror of the session whose source this tab is."""
        room = self._room_of.get(socket)
        return room.mirror if room is not None and socket == room.mirror.source else None

    async def _handle_relayed(self, text: str) -> None:
        """Handle a text of another worker. If texts may have been lost (""), request everything again."""
        if not text:
            for each in self._rooms.values():
                each.mirror.request_snapshot()
            return
        session_id, message = json.loads(text)
        if room := self._rooms.get(session_id):
            await room.mirror.handle_relayed(message)


@dataclass(slots=True)
class _Tab:
    """A tab of a seat, with its address in the product ("" until it is used there) and the time of its last use."""

    seat: str
    address: str = ""
    used_at: float = 0.0


class _Room:
    """One demo session, in this process."""

    def __init__(self, session_id: int, sockets: EventNamespace):
        self.id = session_id
        self.mirror = Mirror(session_id, sockets, lambda: [socket for socket in self.tabs if self.follows(socket)])
        self._loop = asyncio.get_running_loop()
        # The tabs by socket, and the seats by the hash of their token.
        self.tabs: dict[str, _Tab] = {}
        self._seats: dict[str, Seat] = {}
        self._is_stale = False
        self._looking: asyncio.Task[None] | None = None
        with own().bound():
            self._topic = live.address_of(Topic(Subject.ROOM, session_id))

    def enter(self, socket: str, token: str, seat: Seat) -> None:
        """Add a tab that has opened its socket."""
        if not self.tabs:
            live.listen(self._topic, self._on_room_changed)
        self.tabs[socket] = _Tab(token)
        self._seats[token] = seat

    def leave(self, socket: str) -> None:
        """Remove a tab that has closed its socket. After the last one, this process no longer listens to the room."""
        del self.tabs[socket]
        if socket == self.mirror.source:
            self.mirror.source = ""
        if not self.tabs:
            live.stop_listening(self._topic, self._on_room_changed)

    def follows(self, socket: str) -> bool:
        """Whether a tab follows the driver."""
        seat = self._seat_of(socket)
        return seat is not None and seat.follows

    async def note_use(self, socket: str, address: str, *, is_load: bool) -> None:
        """Note that a tab was used. If it is the driver's, it becomes the source."""
        if is_load:
            # The tab may get its own State only if it does not follow, so its seat is read again.
            with suppress(Busy, Unavailable):
                await self._reload_seats()
        if (tab := self.tabs.get(socket)) is None:
            return
        tab.address, tab.used_at = address, self._loop.time()
        seat = self._seat_of(socket)
        if seat is None or not seat.drives:
            return
        if socket == self.mirror.source:
            await self.mirror.turn_page(address)
        else:
            self.mirror.begin(socket, seat.id, address)

    def _seat_of(self, socket: str) -> Seat | None:
        tab = self.tabs.get(socket)
        return self._seats.get(tab.seat) if tab else None

    def _on_room_changed(self) -> None:
        """Called in any thread when something in the room has changed."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._schedule_seat_reload)

    def _schedule_seat_reload(self) -> None:
        self._is_stale = True
        if self._looking is None or self._looking.done():
            self._looking = self._loop.create_task(self._reload_stale_seats())

    async def _reload_stale_seats(self) -> None:
        while self._is_stale:
            self._is_stale = False
            try:
                await self._reload_seats()
            except (Busy, Unavailable) as error:
                log.warning("a room could not look at its seats", reason=str(error))
        self._switch_source()

    async def _reload_seats(self) -> None:
        """Read the seats from the database: who drives, and who follows. A new follower gets everything."""
        followed = {socket for socket in self.tabs if self.follows(socket)}
        self._seats = await in_thread(seats.of_session, self.id)
        # Its browser asks too, but may have done so before the seats were read again.
        if any(self.follows(socket) for socket in self.tabs.keys() - followed):
            self.mirror.request_snapshot()

    def _switch_source(self) -> None:
        """If another seat drives now, make the tab that it used last the source, without waiting for its next event."""
        source = self._seat_of(self.mirror.source)
        if self.mirror.source and not (source and source.drives):
            self.mirror.source, self.mirror.shown_seat = "", 0
        for socket, tab in sorted(self.tabs.items(), key=lambda entry: entry[1].used_at, reverse=True):
            seat = self._seat_of(socket)
            if seat and seat.drives and seat.id != self.mirror.shown_seat and tab.address:
                self.mirror.begin(socket, seat.id, tab.address)
                return
