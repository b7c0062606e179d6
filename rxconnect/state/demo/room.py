"""The room of a demo session: the people in it, the driver, and the controls of one's own seat.

Every page of the session's world shows a part of this State (`components/room.py`).
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
    """The session as this seat sees it. `seconds_left` counts from the last load. `address` and the QR code are for joining.

    `summary` is the address of the summary, for the trainer. In an open tab it stays after the session has ended.
    """

    view: SessionView | None = None
    seconds_left: int = 0
    address: str = ""
    qr_path: str = ""
    qr_size: int = 0
    summary: str = ""

    @seat
    async def load(self, seat: Seat):
        """Load the session for a page that opens."""
        await self._look(seat)
        self.ready = True

    @seat
    async def look(self, seat: Seat):
        """Load the session again after a change in the room."""
        await self._look(seat)

    @seat
    async def ask_for_wheel(self, seat: Seat):
        """Ask the driver and the trainer for the wheel."""
        await write(seats.ask_for_wheel, seat)

    @seat
    async def step_out(self, seat: Seat):
        """Stop following, and look around."""
        await write(seats.step_out, seat)

    @seat
    async def follow(self, seat: Seat):
        """Follow the driver again."""
        await write(seats.follow, seat)

    @seat
    async def hand_over(self, seat: Seat, seat_id: Id):
        """Give the wheel to another seat. Only the trainer and the driver may."""
        await write(seats.hand_over, seat, seat_id)

    @seat
    async def change_kind(self, seat: Seat, kind: Text):
        """Change the kind of this seat."""
        await write(seats.change_kind, seat, kind)

    async def _look(self, seat: Seat) -> None:
        listen(seat, Topic(Subject.ROOM, seat.session_id), RoomState.look)
        view = await read(sessions.view, seat)
        self.seconds_left = int((view.expires_at - clock.now()).total_seconds())
        if self.view is None or self.view.code != view.code:
            self.address = routes.absolute_url(routes.DEMO_JOIN).partition("://")[2]
            self.qr_path, self.qr_size = qr.path_of(
                routes.absolute_url(routes.with_query(routes.DEMO_JOIN, code=view.code))
            )
            self.summary = routes.fill(routes.DEMO_SUMMARY, view.summary) if view.summary else ""
        self.view = view
