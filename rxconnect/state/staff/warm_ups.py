"""A warm-up before a shift: invented letters one after another, each with feedback."""

import reflex as rx

from rxconnect import routes
from rxconnect.domain import warm_ups
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotAllowed
from rxconnect.domain.warm_ups import Feedback, WarmUpLetter
from rxconnect.services.quality import warm_ups as services
from rxconnect.state.caller import Caller
from rxconnect.state.guard import staff
from rxconnect.state.session import Screen


class WarmUpState(Screen, rx.State):
    """The letter at `place` (from 1) of `of`, 0 before the beginning. The answers stay on the server until they are given."""

    is_refused: bool = False
    place: int = 0
    of: int = 0
    correct: int = 0
    is_over: bool = False
    subject: str = ""
    text: str = ""
    feedback: Feedback | None = None
    _letters: list[WarmUpLetter] = []

    @staff
    async def load(self, caller: Caller):
        """Show what a warm-up is. One that was under way is over."""
        self._restart([])
        self.is_refused = False
        try:
            await caller.write(services.show)
        except NotAllowed:
            self.is_refused = True
        self.ready = True

    @staff
    async def begin(self, caller: Caller):
        """Show the first letter."""
        self._restart(await caller.write(services.begin))
        return self._show(1)

    @staff
    async def approve(self, caller: Caller):
        """Answer that the letter may go through."""
        await self._answer(caller, is_approved=True)

    @staff
    async def reject(self, caller: Caller):
        """Answer that the letter must not go through."""
        await self._answer(caller, is_approved=False)

    @staff
    async def go_on(self, _actor: Actor):
        """Show the next letter, or the summary."""
        if self.feedback is None:
            return None
        if self.place == self.of:
            self.is_over, self.feedback = True, None
            return rx.set_focus("page-title")
        return self._show(self.place + 1)

    @staff
    async def skip(self, caller: Caller):
        """Skip the warm-up of this shift, and go to the desk."""
        await caller.write(services.skip)
        return rx.redirect(routes.STAFF)

    def _restart(self, letters: list[WarmUpLetter]) -> None:
        self._letters, self.of = letters, len(letters)
        self.place = self.correct = 0
        self.is_over, self.feedback = False, None
        self.subject = self.text = ""

    def _show(self, place: int):
        self.place, self.feedback = place, None
        self.subject, self.text = self._letters[place - 1].subject, self._letters[place - 1].text
        return rx.set_focus("letter-title")

    async def _answer(self, caller: Caller, *, is_approved: bool) -> None:
        if not self.place or self.feedback or self.is_over:
            # A second press of the same button, or one that no page has.
            return
        feedback = warm_ups.feedback(self._letters[self.place - 1], is_approved=is_approved)
        correct = self.correct + feedback.is_right
        await caller.write(_answered, self.place, self.of, correct, feedback.is_right)
        self.correct, self.feedback = correct, feedback


def _answered(session, actor: Actor, place: int, of: int, correct: int, is_right: bool) -> None:
    services.answer(session, actor, place, is_right=is_right)
    if place == of:
        services.end(session, actor, of, correct)
