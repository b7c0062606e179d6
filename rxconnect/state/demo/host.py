"""The trainer's controls of a demo session. `room.RoomState` shows the result to everyone in the room."""

import reflex as rx

from rxconnect.demo import judges, seats, sessions
from rxconnect.domain.demo import Seat
from rxconnect.state.guard import Id, LongText, Text, seat
from rxconnect.state.session import Screen
from rxconnect.state.transactions import in_thread, write


class HostState(Screen, rx.State):
    """The controls of the room. Each service refuses a seat that is not the trainer's."""

    @seat
    async def take_back_wheel(self, seat: Seat):
        """Drive again."""
        await write(seats.take_back_wheel, seat)

    @seat
    async def remove_seat(self, seat: Seat, seat_id: Id):
        """Remove a seat."""
        await write(seats.remove, seat, seat_id)

    @seat
    async def pause_session(self, seat: Seat):
        """Pause the session: refuse all changes in its world."""
        await write(sessions.pause, seat)

    @seat
    async def resume_session(self, seat: Seat):
        """End the pause."""
        await write(sessions.resume, seat)

    @seat
    async def let_everyone_act(self, seat: Seat):
        """Let everyone act at their own seat."""
        await write(seats.let_everyone_act, seat)

    @seat
    async def let_one_drive(self, seat: Seat):
        """Let only the driver act."""
        await write(seats.let_one_drive, seat)

    @seat
    async def lock_session(self, seat: Seat):
        """Let nobody else join."""
        await write(sessions.lock, seat)

    @seat
    async def unlock_session(self, seat: Seat):
        """Let others join again."""
        await write(sessions.unlock, seat)

    @seat
    async def allow_guests(self, seat: Seat):
        """Let people without an account join."""
        await write(sessions.allow_guests, seat, True)

    @seat
    async def refuse_guests(self, seat: Seat):
        """Let only people with an account join."""
        await write(sessions.allow_guests, seat, False)

    @seat
    async def extend_session(self, seat: Seat):
        """Extend the session."""
        await write(sessions.extend, seat)

    @seat
    async def reset_to_step(self, seat: Seat, number: Id):
        """Reset the world to the moment before a step."""
        await in_thread(sessions.reset_to_step, seat, number)

    @seat
    async def add_note(self, seat: Seat, form: dict[str, Text]):
        """Store a question for the summary."""
        await write(sessions.add_note, seat, form.get("note", ""))

    @seat
    async def begin_judging(self, seat: Seat, form: dict[str, LongText]):
        """Begin to judge the letters of a file, or the built-in ones."""
        await in_thread(judges.begin, seat, form.get("letters", ""))

    @seat
    async def end_judging(self, seat: Seat):
        """End the judging for everybody, and show the result."""
        await write(judges.end, seat)
