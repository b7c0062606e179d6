"""Breaking things in front of a demo session's room: the trainer's page."""

import reflex as rx

from rxconnect import routes, workers
from rxconnect.demo import audit_forgeries, breaking, letter_attempts, worker_kills
from rxconnect.domain.breaking import DIES_AFTER, BreakingView
from rxconnect.domain.demo import Seat
from rxconnect.domain.topics import Subject, Topic
from rxconnect.state.guard import seat
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen
from rxconnect.state.transactions import in_thread


class BreakingState(Screen, rx.State):
    """What can be broken now, and what came of it. Each service refuses a seat that is not the trainer's."""

    view: BreakingView | None = None

    @seat
    async def load(self, seat: Seat):
        """Load the page. Everybody else is led to the room, which tells them the same."""
        if not seat.is_trainer:
            return rx.redirect(routes.DEMO_ROOM, replace=True)
        await self._show(seat)
        self.ready = True
        return None

    @seat
    async def reload(self, seat: Seat):
        """Load the page again after a change in the room."""
        await self._show(seat)

    @seat
    async def kill_worker(self, seat: Seat):
        """Keep that this worker dies, and let it die after the pages have said that they are there."""
        await in_thread(worker_kills.press, seat)
        workers.kill_this_one(DIES_AFTER.total_seconds())

    @seat
    async def alter_row(self, seat: Seat):
        """Alter a row of the world's audit, and verify the chain."""
        await in_thread(audit_forgeries.alter, seat)

    @seat
    async def put_row_back(self, seat: Seat):
        """Put the altered row back, and verify the chain again."""
        await in_thread(audit_forgeries.put_back, seat)

    @seat
    async def try_letter(self, seat: Seat):
        """Try every way to a lawyer's letter."""
        await in_thread(letter_attempts.attempt, seat)

    async def _show(self, seat: Seat) -> None:
        listen(seat, Topic(Subject.ROOM, seat.session_id), BreakingState.reload)
        self.view = await in_thread(breaking.page, seat)
