"""Printing: batches of approved letters and notices, and what became of each page."""

import reflex as rx

from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotFound
from rxconnect.domain.print_batches import Handover, PrintBatchLine, PrintBatchView, ReadyToPrint
from rxconnect.i18n import _
from rxconnect.services.audit.recording import record_at
from rxconnect.services.paper import batches, replies
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, LongText, Text, staff
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import read, write


class PrintState(Screen, rx.State):
    """What is ready to print, the batches, and the batch that is open. `outcomes` is what became of its pages, by id."""

    ready_to_print: list[ReadyToPrint] = []
    batches: list[PrintBatchLine] = []
    batch: PrintBatchView | None = None
    outcomes: dict[int, str] = {}
    replying_to: int = 0

    @staff
    async def load(self, caller: Caller):
        """Load what is ready, and the batches."""
        self.ready_to_print, self.batches = await caller.write(_seen_lists)
        self.ready = True

    @staff
    async def create(self, actor: Actor, facility_id: Id):
        """Make a batch of everything that is ready at a facility, and open it."""
        batch_id = await write(batches.create, actor, facility_id)
        self.ready_to_print, self.batches = await read(_lists, actor)
        self._show(await read(batches.get, actor, batch_id))

    @staff
    async def open_batch(self, actor: Actor, batch_id: Id):
        """Show a batch with its pages, which is recorded."""
        self._show(await write(batches.show, actor, batch_id))

    @staff
    async def close_batch(self, _actor: Actor):
        """Close the batch."""
        self.batch, self.outcomes, self.replying_to = None, {}, 0

    @staff
    async def except_page(self, _actor: Actor, page_id: Id, outcome: Text):
        """Choose what became of one page of the batch, if it was not handed over."""
        if self.batch and page_id in {page.id for page in self.batch.pages} and outcome in list(Handover):
            self.outcomes = self.outcomes | {page_id: outcome}

    @staff
    async def confirm(self, actor: Actor):
        """Confirm the open batch. Letters that were handed over count as delivered."""
        if self.batch is None:
            raise NotFound("batch")
        exceptions = {page_id: Handover(outcome) for page_id, outcome in self.outcomes.items()}
        await write(batches.confirm, actor, self.batch.id, exceptions)
        self.ready_to_print, self.batches = await read(_lists, actor)
        self._show(await read(batches.get, actor, self.batch.id))
        (await self.get_state(SessionState))._show_notice(_("The letters that were handed over count as delivered."))

    @staff
    async def begin_reply(self, _actor: Actor, message_id: Id):
        """Open the form for a reply on paper to this letter."""
        self.replying_to = 0 if self.replying_to == message_id else message_id

    @staff
    async def enter_reply(self, actor: Actor, form: dict[str, LongText]):
        """Send the family a reply that was written on paper."""
        subject, body = form.get("subject", ""), form.get("body", "")
        await write(replies.enter, actor, self.replying_to, subject=subject, body=body)
        self.replying_to = 0
        (await self.get_state(SessionState))._show_notice(_("The reply was sent to the family."))

    def _show(self, batch: PrintBatchView) -> None:
        self.batch, self.outcomes, self.replying_to = batch, {}, 0


def _lists(session, actor: Actor) -> tuple[list[ReadyToPrint], list[PrintBatchLine]]:
    return batches.ready(session, actor), batches.my_batches(session, actor)


def _seen_lists(session, actor: Actor) -> tuple[list[ReadyToPrint], list[PrintBatchLine]]:
    """The lists for somebody who opens the page, which is recorded."""
    lists = _lists(session, actor)
    record_at(session, actor, actor.facilities(Permission.REVIEW_MESSAGES), AuditKind.PRINTING_SHOWN)
    return lists
