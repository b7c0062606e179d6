"""The room of a demo session: the people in it, the driver, and the controls of one's own seat.

Every page of the session's world shows a part of this State (`components/room.py`).
"""

import reflex as rx

from rxconnect import routes
from rxconnect.demo import qr, seats, views, worker_kills
from rxconnect.domain import clock
from rxconnect.domain.demo import Seat, SeatKind, SessionView
from rxconnect.domain.errors import NotFound
from rxconnect.domain.topics import Subject, Topic
from rxconnect.state.guard import Id, Text, seat
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.shared_reads import SharedReads
from rxconnect.state.transactions import write

# The modules of States that a change of the seat's kind leaves alone: the room's own, and the frame, which each load fills.
_KEPT_STATES = (f"{__package__}.", SessionState.__module__)
# Every tab of a session looks when something has changed.
_views = SharedReads(views.everybodys)


class RoomState(Screen, rx.State):
    """The session as this seat sees it. `seconds_left` counts from the last load. `address` and the QR code are for joining."""

    view: SessionView | None = None
    seconds_left: int = 0
    address: str = ""
    qr_path: str = ""
    qr_size: int = 0

    @seat
    async def load(self, seat: Seat):
        """Load the session for a page that opens."""
        await self._load_session(seat)
        self.ready = True

    @seat
    async def reload(self, seat: Seat):
        """Load the session again after a change in the room."""
        await self._load_session(seat)

    @seat
    async def ask_for_wheel(self, seat: Seat):
        """Ask the driver and the trainer for the wheel."""
        await write(seats.ask_for_wheel, seat)

    @seat
    async def stop_following(self, seat: Seat):
        """Stop following, and look around."""
        await write(seats.stop_following, seat)

    @seat
    async def follow_driver(self, seat: Seat):
        """Follow the driver again."""
        await write(seats.follow_driver, seat)

    @seat
    async def follow_seat(self, seat: Seat, seat_id: Id):
        """Follow another seat than the driver's."""
        await write(seats.follow, seat, seat_id)

    @seat
    async def hand_over_wheel(self, seat: Seat, seat_id: Id):
        """Give the wheel to another seat. Only the trainer and the driver may."""
        await write(seats.hand_over_wheel, seat, seat_id)

    @seat
    async def change_seat_kind(self, seat: Seat, kind: Text):
        """Change the kind of this seat. A tab in the product then goes to the first page of its new account."""
        await write(seats.change_kind, seat, kind)
        await self._forget_pages()
        if routes.is_of_demo(self.router.url.path):
            return None
        return rx.redirect(routes.home_of(SeatKind(kind).acts_as))

    @seat
    async def begin_step(self, seat: Seat, number: Id):
        """Take the seat that a step needs, and go to the page where it begins."""
        step = next((one for one in self.view.steps if one.number == number), None) if self.view else None
        if step is None or not step.seat:
            raise NotFound("step")
        await write(seats.change_kind, seat, step.seat)
        await self._forget_pages()
        if routes.is_of_demo(self.router.url.path):
            return None
        return rx.redirect(step.page or routes.home_of(SeatKind(step.seat).acts_as))

    async def _forget_pages(self) -> None:
        """Reset what this tab knows of the product's pages. It belongs to the account of the seat's former kind."""
        for state in rx.State.get_substates():
            if issubclass(state, Screen) and not state.__module__.startswith(_KEPT_STATES):
                (await self.get_state(state)).reset()

    async def _load_session(self, seat: Seat) -> None:
        listen(seat, Topic(Subject.ROOM, seat.session_id), RoomState.reload)
        view = views.of(seat, await _views(seat.session_id))
        self.seconds_left = int((view.expires_at - clock.now()).total_seconds())
        if self.view is None or self.view.code != view.code:
            self.address = routes.absolute_url(routes.DEMO_JOIN).partition("://")[2]
            self.qr_path, self.qr_size = qr.svg_path(
                routes.absolute_url(routes.with_query(routes.DEMO_JOIN, code=view.code))
            )
        self.view = view
        if view.counted_kill:
            # The room counts whose pages are open, before and after a worker was killed.
            await write(worker_kills.check_in, seat, view.counted_kill)
