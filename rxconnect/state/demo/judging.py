"""Judging letters together: one judge's letters until the end, and then the result.

Before the end, these States hold nothing of anybody else's answers, and nothing of the letters' own (`demo/judge_views.py`).
"""

from datetime import datetime

import reflex as rx

from rxconnect.demo import judge_views, judges, judging
from rxconnect.domain import clock
from rxconnect.domain.demo import Seat
from rxconnect.domain.judging import JudgeResult, JudgeView, JudgingScore, LetterView, OwnAnswer
from rxconnect.domain.topics import Subject, Topic
from rxconnect.state.guard import Id, seat
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen
from rxconnect.state.transactions import read, write

_APPROVED = 0


class JudgeState(Screen, rx.State):
    """The judging before its end, as this judge sees it.

    `stage` is what the page shows: "none", "intro", "letter", "overview", "finished" or "over". While `is_rejecting`, the judge
    chooses the rule that the letter breaks.
    """

    view: JudgeView | None = None
    stage: str = ""
    letter: LetterView | None = None
    is_rejecting: bool = False
    # When the letter was shown. The time of an answer is measured here, since a browser could say anything.
    _shown_at: datetime | None = None

    @seat
    async def load(self, seat: Seat):
        """Load the judging for a page that opens. A judge who has begun goes on where they were."""
        self.letter = None
        await self._load_view(seat)
        if self.stage == "overview" and self.view.place:
            await self._open_letter(seat, self.view.place)
        self.ready = True

    @seat
    async def reload(self, seat: Seat):
        """Load the judging again after a change in the room. The letter stays as it is."""
        await self._load_view(seat)

    @seat
    async def show_letter(self, seat: Seat, place: Id):
        """Show the letter at a place of this judge's list."""
        if self.view is None:
            return None
        await self._open_letter(seat, place)
        return rx.set_focus("letter-title")

    @seat
    async def show_overview(self, seat: Seat):
        """Show the list of this judge's own answers."""
        self._show(None)
        return rx.set_focus("overview-title")

    @seat
    async def approve(self, seat: Seat, place: Id):
        """Approve the letter at this place, and go on."""
        return await self._decide(seat, place, _APPROVED)

    @seat
    async def begin_reject(self, seat: Seat):
        """Ask for the rule that the letter breaks."""
        self.is_rejecting = self.letter is not None
        return rx.set_focus("rule-question")

    @seat
    async def cancel_reject(self, seat: Seat):
        """Go back from the rules to the letter."""
        self.is_rejecting = False
        return rx.set_focus("letter-title")

    @seat
    async def reject(self, seat: Seat, place: Id, rule: Id):
        """Reject the letter at this place for the rule with this number, and go on."""
        return await self._decide(seat, place, rule)

    @seat
    async def finish(self, seat: Seat):
        """Finish: the answers stay as they are."""
        if self.view is not None:
            self.view = await write(judges.finish, seat, self.view.status.id)
            self._show(None)

    async def _load_view(self, seat: Seat) -> None:
        listen(seat, Topic(Subject.ROOM, seat.session_id), JudgeState.reload)
        before, self.view = self.view, await read(judge_views.judge_view, seat)
        is_same = before is not None and self.view is not None and before.status.id == self.view.status.id
        self._show(self.letter if is_same else None)

    async def _open_letter(self, seat: Seat, place: int) -> None:
        self._show(await read(judge_views.letter_view, seat, self.view.status.id, place))

    async def _decide(self, seat: Seat, place: int, rule: int):
        if self.view is None or self.letter is None or self.letter.place != place:
            # A second press of the same button, whose first one has led to another letter.
            return None
        seconds = int((clock.now() - (self._shown_at or clock.now())).total_seconds())
        self.view, following = await write(_decide_and_open_next, seat, self.view.status.id, place, rule, seconds)
        self._show(following)
        return rx.set_focus("letter-title" if following else "overview-title")

    def _show(self, letter: LetterView | None) -> None:
        """Show a letter, or whatever else the judge sees without one."""
        self.stage = _stage_of(self.view, letter)
        letter = letter if self.stage == "letter" else None
        if letter != self.letter:
            self.letter, self.is_rejecting, self._shown_at = letter, False, clock.now()


class JudgingResultState(Screen, rx.State):
    """The result: the room's score in sums, who shows their name, and this judge's own answers. `score` is None before the end.

    `is_own` is whether the page shows the judge's own result, and not the room's.
    """

    score: JudgingScore | None = None
    named: list[JudgeResult] = []
    own: JudgeResult | None = None
    answers: list[OwnAnswer] = []
    shows_name: bool = False
    is_own: bool = False

    @seat
    async def load(self, seat: Seat):
        """Load the result for a page that opens."""
        await self._load_result(seat)
        self.ready = True

    @seat
    async def reload(self, seat: Seat):
        """Load the result again after a change in the room."""
        await self._load_result(seat)

    @seat
    async def show_room(self, seat: Seat):
        """Show the room's result."""
        self.is_own = False

    @seat
    async def show_own(self, seat: Seat):
        """Show this judge's own result."""
        self.is_own = self.own is not None

    @seat
    async def show_name(self, seat: Seat):
        """Let the room see this judge's result with their name."""
        await write(judges.show_name, seat, shows=True)

    @seat
    async def hide_name(self, seat: Seat):
        """Take that back."""
        await write(judges.show_name, seat, shows=False)

    async def _load_result(self, seat: Seat) -> None:
        listen(seat, Topic(Subject.ROOM, seat.session_id), JudgingResultState.reload)
        found = await read(judging.results, seat)
        if found is None:
            self.score, self.named, self.own, self.answers, self.shows_name = None, [], None, [], False
            return
        if self.score != found.score:
            # The trainer shows the room's result to the room. Everybody else looks at their own first.
            self.is_own = found.own is not None and not seat.is_trainer
            self.score, self.answers = found.score, list(found.answers)
        self.named, self.own, self.shows_name = list(found.named), found.own, found.shows_name


def _stage_of(view: JudgeView | None, letter: LetterView | None) -> str:
    if view is None:
        return "none"
    if view.status.is_over or view.has_finished:
        return "over" if view.status.is_over else "finished"
    return "letter" if letter else "overview" if view.decided else "intro"


def _decide_and_open_next(
    session, seat: Seat, judging_id: int, place: int, rule: int, seconds: int
) -> tuple[JudgeView, LetterView | None]:
    """Store an answer. Returns the view, and the next letter without an answer, or None if there is none."""
    view = judges.decide(session, seat, judging_id, place, rule, seconds)
    open_places = [one.place for one in view.places if not one.decision]
    following = next((one for one in open_places if one > place), view.place)
    return view, judge_views.letter_view(session, seat, judging_id, following) if following else None
