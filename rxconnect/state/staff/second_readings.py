"""Second readings: a decided letter is read again by somebody who is not told what was decided."""

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import Invalid, NotAllowed
from rxconnect.domain.messages import Reason
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.problems import Problem
from rxconnect.domain.review import Outcome
from rxconnect.domain.second_readings import ReadingCounts, ReadingView
from rxconnect.i18n import _
from rxconnect.services.quality import second_readings
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Text, staff
from rxconnect.state.session import Screen, SessionState


class SecondReadingsState(Screen, rx.State):
    """The letter that is open. Nothing here depends on the first decision (tests/state/test_second_readings.py)."""

    is_refused: bool = False
    counts: ReadingCounts | None = None
    reading: ReadingView | None = None
    is_rejecting: bool = False
    # The letters that this reader left to others.
    _left: list[int] = []

    @staff
    async def load(self, caller: Caller):
        """Load how many letters wait. The letter that was open is opened again with the next press."""
        self.is_refused, self.is_rejecting, self.reading = False, False, None
        try:
            self.counts = await caller.write(second_readings.show)
        except NotAllowed:
            self.counts, self.is_refused = None, True
        self.ready = True

    @staff
    async def next(self, caller: Caller):
        """Open the next letter."""
        return await self._show(await caller.write(_opened, self._left))

    @staff
    async def approve(self, caller: Caller):
        """Say that the letter may go through, and open the next one."""
        return await self._give(caller, Outcome.APPROVED, None)

    @staff
    async def ask_reason(self, _actor: Actor):
        """Open or close the form for the reason of a rejection."""
        self.is_rejecting = not self.is_rejecting

    @staff
    async def reject(self, caller: Caller, form: dict[str, Text]):
        """Say that the letter must not go through, for a reason by its number, and open the next one."""
        number = whole_number(form.get("reason", ""), least=1, most=len(Reason))
        if number is None:
            raise Invalid(reason=Problem.REASON_MISSING())
        return await self._give(caller, Outcome.REJECTED, list(Reason)[number - 1])

    @staff
    async def leave(self, caller: Caller):
        """Leave the letter to another reader, and open the next one."""
        reading_id = self._reading_id
        left = [*self._left, reading_id][-100:]
        await self._show(await caller.write(_left_to_others, reading_id, left))
        self._left = left

    @property
    def _reading_id(self) -> int:
        return self.reading.id if self.reading else 0

    async def _give(self, caller: Caller, outcome: Outcome, reason: Reason | None):
        event = await self._show(await caller.write(_given, self._reading_id, outcome, reason, self._left))
        (await self.get_state(SessionState))._show_notice(_("Kept. Thank you for reading it."))
        return event

    async def _show(self, shown: tuple[ReadingCounts, ReadingView | None]):
        self.counts, self.reading = shown
        self.is_rejecting = False
        return rx.set_focus("letter-title" if self.reading else "page-title")


def _opened(session, actor: Actor, left: list[int]) -> tuple[ReadingCounts, ReadingView | None]:
    reading = second_readings.open_next(session, actor, without=left)
    return second_readings.counts(session, actor), reading


def _given(session, actor: Actor, reading_id: int, outcome: Outcome, reason: Reason | None, left: list[int]):
    second_readings.give(session, actor, reading_id, outcome, reason)
    return _opened(session, actor, left)


def _left_to_others(session, actor: Actor, reading_id: int, left: list[int]):
    second_readings.leave(session, actor, reading_id)
    return _opened(session, actor, left)
