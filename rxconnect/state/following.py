"""Following: the server sends the State updates of a seat in a demo session also to the tabs that follow it.

It mirrors updates, not pages: a follower's page shows the other's State in its own browser, at its own size. Followers see
the tab that the other used last in the product (the *source*). `mirror.py` has the messages; here is who sends and gets them.

A seat that follows sees the driver, or the seat that its user has chosen, in every tab. A frame of the split view
(`Visitor.watches`) sees what one seat sees, whatever its own seat does.

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
from rxconnect.domain.demo import Seat, can_be_followed
from rxconnect.domain.errors import Busy, Unavailable
from rxconnect.domain.topics import Subject, Topic
from rxconnect.state import visitors
from rxconnect.state.mirror import Mirror, divided
from rxconnect.state.transactions import in_session_thread
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
        if seat := await in_session_thread(seats.find, token):
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

    async def note_seat(self, socket: str, seat: Seat) -> None:
        """Take the seat that an event has just read, which may have changed before the room hears of it.

        Without this, a tab that has just stopped following would miss the answer to its first press.
        """
        if room := self._room_of.get(socket):
            await room.note_seat(socket, seat)

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

    def schedule_anchor(self, socket: str, anchor: Any) -> None:
        """Take the place at which a browser's user looks. Only that of the source is used."""
        if mirror := self._from_source(socket):
            mirror.schedule_anchor(anchor)

    def request_snapshot(self, socket: str) -> None:
        """Send everything again, for a follower that has missed something or has just come."""
        room = self._room_of.get(socket)
        if room is not None and (seat_id := room.shown_seat(socket)):
            room.mirror_of(seat_id).request_snapshot()

    def _from_source(self, socket: str) -> Mirror | None:
        """The mirror whose source this tab is."""
        room = self._room_of.get(socket)
        return room.mirror_from(socket) if room is not None else None

    async def _handle_relayed(self, text: str) -> None:
        """Handle a text of another worker. If texts may have been lost (""), request everything again."""
        if not text:
            for each in self._rooms.values():
                each.request_snapshots()
            return
        (session_id, seat_id), message = json.loads(text)
        if room := self._rooms.get(session_id):
            await room.mirror_of(seat_id).handle_relayed(message)


@dataclass(slots=True)
class _Tab:
    """A tab of a seat. It `watches` another seat if it is a frame of the split view."""

    seat: str
    watches: int


class _Room:
    """One demo session, in this process."""

    def __init__(self, session_id: int, sockets: EventNamespace):
        self.id = session_id
        self._sockets = sockets
        # By the id of the seat that is mirrored.
        self._mirrors: dict[int, Mirror] = {}
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
        self.tabs[socket] = _Tab(token, visitors.visitor_of(socket).watches)
        self._seats[token] = seat

    def leave(self, socket: str) -> None:
        """Remove a tab that has closed its socket. After the last one, this process no longer listens to the room."""
        if mirror := self.mirror_from(socket):
            mirror.source = ""
        del self.tabs[socket]
        if not self.tabs:
            live.stop_listening(self._topic, self._on_room_changed)

    def mirror_of(self, seat_id: int) -> Mirror:
        """The mirror of a seat."""
        if seat_id not in self._mirrors:
            self._mirrors[seat_id] = Mirror((self.id, seat_id), self._sockets, lambda: self._followers(seat_id))
        return self._mirrors[seat_id]

    def mirror_from(self, socket: str) -> Mirror | None:
        """The mirror whose source this tab is."""
        return next((mirror for mirror in self._mirrors.values() if mirror.source == socket), None)

    def request_snapshots(self) -> None:
        """Send everything again that somebody here follows."""
        for seat_id in {self.shown_seat(socket) for socket in self.tabs} - {0}:
            self.mirror_of(seat_id).request_snapshot()

    def follows(self, socket: str) -> bool:
        """Whether a tab shows the pages of another."""
        seat, tab = self._seat_of(socket), self.tabs.get(socket)
        return tab is not None and (tab.watches > 0 or (seat is not None and seat.follows))

    def shown_seat(self, socket: str) -> int:
        """The seat that a tab follows, or 0."""
        seat, tab = self._seat_of(socket), self.tabs.get(socket)
        if seat is None or tab is None:
            return 0
        if tab.watches:
            return next((one.sees for one in self._seats.values() if one.id == tab.watches), 0)
        return seat.sees if seat.follows else 0

    async def note_use(self, socket: str, address: str, *, is_load: bool) -> None:
        """Note that a tab was used. If its seat can be followed, the tab becomes the source."""
        if is_load:
            # The tab may get its own State only if it does not follow, so its seat is read again.
            with suppress(Busy, Unavailable):
                await self._reload_seats()
        seat = self._seat_of(socket)
        if seat is None or not self._can_be_source(socket):
            return
        mirror = self.mirror_of(seat.id)
        if socket == mirror.source:
            await mirror.turn_page(address)
        else:
            mirror.begin(socket, address)

    async def note_seat(self, socket: str, seat: Seat) -> None:
        """Read the seats again if this one differs from what is known of it."""
        if seat != self._seat_of(socket):
            with suppress(Busy, Unavailable):
                await self._reload_seats()

    def _followers(self, seat_id: int) -> list[str]:
        return [socket for socket in self.tabs if self.shown_seat(socket) == seat_id]

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

    async def _reload_seats(self) -> None:
        """Read the seats from the database: who follows whom. A follower of another seat gets everything."""
        before = {socket: self.shown_seat(socket) for socket in self.tabs}
        self._seats = await in_session_thread(seats.of_session, self.id)
        for mirror in self._mirrors.values():
            if mirror.source and not self._can_be_source(mirror.source):
                mirror.source = ""
        # Its browser asks too, but may have done so before the seats were read again.
        now = {self.shown_seat(socket) for socket in self.tabs if self.shown_seat(socket) != before.get(socket)}
        for seat_id in now - {0}:
            self.mirror_of(seat_id).request_snapshot()

    def _can_be_source(self, socket: str) -> bool:
        """Whether others may see the pages of a tab."""
        seat = self._seat_of(socket)
        return seat is not None and not self.follows(socket) and can_be_followed(seat.kind, follows=False)
