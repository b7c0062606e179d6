"""The room of a demo session: who is in it, who drives, and what each can do about their own seat.

Every page of the session's world shows a part of this (`components/room.py`), so it is no page's own State.
"""

import reflex as rx

from rxconnect import routes
from rxconnect.demo import qr, seats, sessions
from rxconnect.domain import clock
from rxconnect.domain.demo import Seat, SessionView
from rxconnect.domain.topics import Subject, Topic
from rxconnect.state.guard import Id, Text, seat
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen
from rxconnect.state.transactions import read, write


class RoomState(Screen, rx.State):
    """The session as this seat sees it. `seconds_left` is as of the last look; `address` and the QR code are to join by.

    `summary` is where the trainer reads what was kept, and outlives the session in an open tab.
    """

    view: SessionView | None = None
    seconds_left: int = 0
    address: str = ""
    qr_path: str = ""
    qr_size: int = 0
    summary: str = ""

    @seat
    async def load(self, seat: Seat):
        """A page in the room begins."""
        await self._look(seat)
        self.ready = True

    @seat
    async def look(self, seat: Seat):
        """Somebody has come, gone, or done something, or a step is done."""
        await self._look(seat)

    @seat
    async def ask_for_wheel(self, seat: Seat):
        """Ask whoever drives, and the trainer, for the wheel."""
        await write(seats.ask_for_wheel, seat)

    @seat
    async def step_out(self, seat: Seat):
        """Look around by oneself."""
        await write(seats.step_out, seat)

    @seat
    async def follow(self, seat: Seat):
        """Follow who drives, again."""
        await write(seats.follow, seat)

    @seat
    async def hand_over(self, seat: Seat, seat_id: Id):
        """Give the wheel to somebody: the trainer does, and who drives."""
        await write(seats.hand_over, seat, seat_id)

    @seat
    async def change_kind(self, seat: Seat, kind: Text):
        """Take another kind of seat."""
        await write(seats.change_kind, seat, kind)

    async def _look(self, seat: Seat) -> None:
        listen(seat, Topic(Subject.ROOM, seat.session_id), RoomState.look)
        view = await read(sessions.view, seat)
        self.seconds_left = int((view.expires_at - clock.now()).total_seconds())
        if self.view is None or self.view.code != view.code:
            self.address = routes.absolute(routes.DEMO_JOIN).partition("://")[2]
            self.qr_path, self.qr_size = qr.path_of(
                routes.absolute(routes.with_query(routes.DEMO_JOIN, code=view.code))
            )
            self.summary = routes.fill(routes.DEMO_SUMMARY, view.summary) if view.summary else ""
        self.view = view
