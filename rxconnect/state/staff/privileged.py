"""Privileged letters: that there were some, and when; and the opening of one by two administrators."""

import reflex as rx

from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotAllowed
from rxconnect.domain.print_batches import PrintBatchLine
from rxconnect.domain.privilege import OpenedLetter, PrivilegedView, SealedReady
from rxconnect.domain.topics import Subject, Topic
from rxconnect.i18n import _
from rxconnect.services.audit.recording import record_at
from rxconnect.services.privilege import break_glass, facts
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, Text, staff
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.staff import sealed
from rxconnect.state.staff.sealed import SealedState
from rxconnect.state.transactions import read


class PrivilegedState(Screen, rx.State):
    """The facts, the requests to open a letter, and the letter that is open for the actor.

    `asking` is the letter whose form is open, 0 for none.
    """

    view: PrivilegedView | None = None
    is_refused: bool = False
    asking: int = 0
    reason: str = ""
    letter: OpenedLetter | None = None

    @staff
    async def load(self, caller: Caller):
        """Load the page, and listen for changes."""
        self.is_refused, self.letter = False, None
        try:
            self.view, lists = await caller.write(_seen)
            (await self.get_state(SealedState))._show_lists(*lists)
        except NotAllowed:
            self.view, self.is_refused = None, True
        await (await self.get_state(SealedState))._returns_with_password(caller.actor)
        if not await self._returns_with_password(caller.actor):
            self._close()
        self._listen(caller.actor)
        self.ready = True

    @staff
    async def refresh(self, actor: Actor):
        """Reload after a letter was sent, or somebody asked or answered."""
        self._listen(actor)
        if self.view:
            self.view, lists = await read(_page, actor)
            (await self.get_state(SealedState))._show_lists(*lists)

    @staff
    async def open_form(self, caller: Caller, message_id: Id):
        """Open or close the form that asks to open a letter."""
        await caller.require_actor()
        is_open = self.asking == message_id
        self._close()
        self.asking = 0 if is_open else message_id

    @staff
    async def ask(self, caller: Caller, form: dict[str, Text]):
        """Ask to open the letter whose form is open."""
        self.reason = form.get("reason", "")
        await caller.write(break_glass.ask, self.asking, self.reason)
        self._close()
        await self._reload(caller, _("Asked. Another administrator must agree. Auditors and administrators were told."))

    @staff
    async def agree(self, caller: Caller, request_id: Id):
        """Agree that a letter is opened for who asked."""
        await caller.write(break_glass.agree, request_id)
        await self._reload(caller, _("Opened for who asked. Auditors, administrators and the lawyer were told."))

    @staff
    async def decline(self, caller: Caller, request_id: Id):
        """Decline a request, or take back the own one."""
        await caller.write(break_glass.decline, request_id)
        await self._reload(caller, _("Declined. Nothing was opened."))

    @staff
    async def read(self, caller: Caller, request_id: Id):
        """Read the letter that was opened for the actor. Each time is recorded."""
        self.letter = None
        self.letter = await caller.write(break_glass.read, request_id)

    @staff
    async def close(self, caller: Caller):
        """Close the letter."""
        await caller.require_actor()
        self.letter = None

    async def _reload(self, caller: Caller, sentence: str) -> None:
        self.view, _lists = await caller.read(_page)
        (await self.get_state(SessionState))._show_notice(sentence)

    def _listen(self, actor: Actor) -> None:
        for facility_id in actor.facilities(Permission.REVIEW_MESSAGES):
            listen(actor, Topic(Subject.DESK, facility_id), PrivilegedState.refresh)

    def _close(self) -> None:
        self.asking, self.reason, self.problem, self.problems = 0, "", "", {}


def _page(session, actor: Actor) -> tuple[PrivilegedView, tuple[list[SealedReady], list[PrintBatchLine]]]:
    may_seal = bool(actor.facilities(Permission.SEAL_LETTERS))
    view = PrivilegedView(
        letters=facts.letters(session, actor),
        requests=break_glass.requests(session, actor),
        can_seal=may_seal,
        can_ask=bool(actor.facilities(Permission.BREAK_GLASS)),
    )
    return view, sealed.lists(session, actor) if may_seal else ([], [])


def _seen(session, actor: Actor) -> tuple[PrivilegedView, tuple[list[SealedReady], list[PrintBatchLine]]]:
    """The page for somebody who opens it, which is recorded."""
    page = _page(session, actor)
    record_at(session, actor, facts.facilities(actor), AuditKind.PRIVILEGED_SHOWN)
    return page
