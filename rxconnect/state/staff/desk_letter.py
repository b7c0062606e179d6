"""The letter that is open at the desk, and the decisions about it."""

from datetime import timedelta

import reflex as rx

from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.desk import DecisionView, DeskFilter, DeskLetter, LetterLine
from rxconnect.domain.errors import Invalid
from rxconnect.domain.messages import Reason
from rxconnect.domain.problems import Problem
from rxconnect.domain.review import Outcome, Ruling, reasons_typed
from rxconnect.i18n import _
from rxconnect.services.review import appeals, claims, decisions, letters, queue, shelves
from rxconnect.state.guard import Id, Text, staff, while_typing
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import read, write

# For how long a letter can be set aside, by the key that chooses it.
_ASIDE = {1: timedelta(hours=1), 2: timedelta(hours=4), 3: timedelta(days=1), 4: timedelta(days=3)}


class OpenLetter(Screen, rx.State, mixin=True):
    """The letter that is open, between a queue and the last decisions. `panel` is the form that is open below it."""

    shown: DeskFilter = DeskFilter()
    lines: list[LetterLine] = []
    recent: list[DecisionView] = []
    # The newest decision that can still be undone.
    undoable: DecisionView | None = None
    letter: DeskLetter | None = None
    panel: str = ""
    # The reasons that match what is typed in the rejection, as (number, label).
    reasons: list[tuple[int, str]] = []
    # The parts of a letter that the next decision is about; all open ones if empty.
    parts: list[int] = []
    # Whether a rejection of some parts approves the others.
    lets_rest_through: bool = True

    @staff
    async def open(self, actor: Actor, message_id: Id):
        """Open a letter, which claims it."""
        self._open_letter(await write(_open, actor, message_id, self._open_id))
        return rx.set_focus("letter-title")

    @staff
    async def next(self, actor: Actor):
        """Open the next letter that nobody has open."""
        letter = await write(_open_next, actor, self.shown, self._open_id)
        self._open_letter(letter)
        return self._say_if_empty(letter) or rx.set_focus("letter-title")

    @staff
    async def previous(self, actor: Actor):
        """Open the letter above the current one in the list."""
        ids = [line.message_id for line in self.lines]
        place = ids.index(self._open_id) if self._open_id in ids else 0
        if place:
            self._open_letter(await write(_open, actor, ids[place - 1], self._open_id))

    @staff
    async def close(self, actor: Actor):
        """Close the letter, or only the open form."""
        if self.panel:
            self.panel = ""
        elif self._open_id:
            await write(letters.close_letter, actor, self._open_id)
            self._open_letter(None)

    @staff
    async def stay(self, actor: Actor):
        """Renew the claim while somebody is at the desk."""
        if self._open_id and not await write(claims.renew, actor, self._open_id):
            await self._reload_letter(actor)

    @staff
    async def show_panel(self, _actor: Actor, panel: Text):
        """Open or close a form below the letter."""
        self.panel = "" if panel == self.panel else panel[:20]
        self.reasons = reasons_typed("")

    @staff
    async def choose_part(self, _actor: Actor, item_id: Id):
        """Add a part of the letter to the next decision, or leave it out."""
        if self.letter is None or item_id not in {one.id for one in self.letter.items}:
            return
        self.parts = [one for one in self.parts if one != item_id] if item_id in self.parts else [*self.parts, item_id]

    @staff
    async def choose_rest(self, _actor: Actor, lets_rest_through: bool):
        """Let the other parts through when some are rejected, or leave them open."""
        self.lets_rest_through = lets_rest_through

    # Decisions

    @staff
    async def approve(self, actor: Actor):
        """Let the letter through, and open the next one."""
        await self._decide(actor, Ruling(Outcome.APPROVED, items=tuple(self.parts)))

    @staff
    @while_typing
    async def type_reason(self, _actor: Actor, text: Text):
        """Show the reasons that match what is typed."""
        self.reasons = reasons_typed(text)

    @staff
    async def reject(self, actor: Actor, form: dict[str, Text]):
        """Reject the letter for the typed reason, and open the next one."""
        matching = reasons_typed(form.get("reason", ""))
        if not form.get("reason", "").strip() or len(matching) != 1:
            raise Invalid(reason=Problem.REASON_MISSING())
        await self._reject(actor, matching[0][0], form.get("remark", ""))

    @staff
    async def reject_for(self, actor: Actor, number: Id):
        """Reject the letter for the reason with this number."""
        if number <= len(Reason):
            await self._reject(actor, number, "")

    @staff
    async def answer_appeal(self, actor: Actor, outcome: Text, form: dict[str, Text]):
        """Decide an appeal, and open the next letter."""
        if outcome not in list(Outcome):
            return
        self._open_letter(
            await write(_answer_appeal, actor, self._open_id, Outcome(outcome), form.get("answer", ""), self.shown)
        )

    @staff
    async def undo(self, actor: Actor):
        """Take back the last decision, and open its letter again."""
        if self.undoable:
            self._open_letter(await write(_undo, actor, self.undoable.id, self._open_id))

    @staff
    async def put_aside(self, actor: Actor, choice: Id):
        """Set the letter aside for some time, and open the next one."""
        if choice in _ASIDE:
            until = clock.now() + _ASIDE[choice]
            self._open_letter(await write(_go_on_after, actor, self.shown, self._open_id, shelves.set_aside, until, ""))

    @staff
    async def escalate(self, actor: Actor, form: dict[str, Text]):
        """Give the letter to an administrator with an internal note, and open the next one."""
        note = form.get("note", "")
        self._open_letter(await write(_go_on_after, actor, self.shown, self._open_id, shelves.escalate, note))

    @staff
    async def put_back(self, actor: Actor):
        """Put the letter back among those that wait."""
        await write(shelves.put_back, actor, self._open_id)
        await self._reload_letter(actor)

    @staff
    async def return_to_reviewers(self, actor: Actor, form: dict[str, Text]):
        """Give an escalated letter back to the reviewers, with an answer."""
        note = form.get("note", "")
        self._open_letter(
            await write(_go_on_after, actor, self.shown, self._open_id, shelves.return_to_reviewers, note)
        )

    @staff
    async def add_note(self, actor: Actor, form: dict[str, Text]):
        """Add an internal note."""
        await write(shelves.add_note, actor, self._open_id, form.get("note", ""))
        await self._reload_letter(actor)
        self.panel = ""

    @staff
    async def block_pair(self, actor: Actor, form: dict[str, Text]):
        """Block further letters between the two people of the open letter. The family reads the reason."""
        await write(letters.block_pair, actor, self._open_id, form.get("reason", ""))
        self.panel = ""
        (await self.get_state(SessionState))._show_notice(_("Further letters between them are blocked."))

    @property
    def _open_id(self) -> int:
        """The id of the open letter, 0 without one."""
        return self.letter.message_id if self.letter else 0

    def _open_letter(self, letter: DeskLetter | None) -> None:
        self.letter, self.panel, self.parts, self.lets_rest_through = letter, "", [], True

    async def _reload_letter(self, actor: Actor) -> None:
        """Show the open letter as it is now. It is a write only when another letter stands beside it, which is recorded."""
        assert self.letter
        letter, shown = await read(letters.reload, actor, self._open_id), {one.message_id for one in self.letter.beside}
        if {one.message_id for one in letter.beside} - shown:
            letter = await write(letters.reload_with_new_beside, actor, self._open_id, shown)
        self.letter = letter

    def _say_if_empty(self, letter: DeskLetter | None):
        return rx.set_focus("page-title") if letter is None else None

    async def _decide(self, actor: Actor, *rulings: Ruling) -> None:
        self._open_letter(await write(_go_on_after, actor, self.shown, self._open_id, decisions.decide, rulings))
        if self.letter is None:
            (await self.get_state(SessionState))._show_notice(_("Nothing else waits here."))

    async def _reject(self, actor: Actor, number: int, remark: str) -> None:
        reason = list(Reason)[number - 1]
        rulings = [Ruling(Outcome.REJECTED, reason, remark, tuple(self.parts))]
        is_rest = self.letter is not None and any(one.is_open and one.id not in self.parts for one in self.letter.items)
        if self.parts and is_rest and self.lets_rest_through:
            rulings.append(Ruling(Outcome.APPROVED))
        await self._decide(actor, *rulings)


def _open(session, actor: Actor, message_id: int, open_id: int) -> DeskLetter:
    """Open a letter, and release the one that is open."""
    if open_id and open_id != message_id:
        claims.release(session, actor, open_id)
    return letters.open_letter(session, actor, message_id)


def _open_next(session, actor: Actor, shown: DeskFilter, open_id: int) -> DeskLetter | None:
    """Open the next free letter after the open one, which is released."""
    cursor = queue.cursor_of(session, actor, open_id) if open_id else ""
    if open_id:
        claims.release(session, actor, open_id)
    message_id = queue.claim_next(session, actor, shown, after=cursor)
    return letters.open_letter(session, actor, message_id) if message_id else None


def _go_on_after(session, actor: Actor, shown: DeskFilter, open_id: int, service, *args) -> DeskLetter | None:
    """Run a service that ends with the open letter, then open the next one."""
    service(session, actor, open_id, *args)
    message_id = queue.claim_next(session, actor, shown)
    return letters.open_letter(session, actor, message_id) if message_id else None


def _answer_appeal(session, actor: Actor, open_id: int, outcome: Outcome, answer: str, shown: DeskFilter):
    return _go_on_after(session, actor, shown, open_id, appeals.decide, outcome, answer)


def _undo(session, actor: Actor, decision_id: int, open_id: int) -> DeskLetter:
    """Take a decision back, and open its letter instead of the open one."""
    message_id = decisions.undo(session, actor, decision_id)
    return _open(session, actor, message_id, open_id)
