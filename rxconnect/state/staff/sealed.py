"""Sealed batches: privileged letters that are printed behind cover sheets and handed over unread."""

from typing import ClassVar

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotFound
from rxconnect.domain.print_batches import Handover, PrintBatchLine
from rxconnect.domain.privilege import SealedBatch, SealedReady
from rxconnect.i18n import _
from rxconnect.services.privilege import sealed
from rxconnect.state.guard import Id, Text, staff
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import read, write


class SealedState(Screen, rx.State):
    """What is ready, the batches, and the open one: numbers and times alone. `outcomes` is what became of its pages, by id."""

    _loaded_by: ClassVar[str] = "PrivilegedState"
    ready_to_print: list[SealedReady] = []
    batches: list[PrintBatchLine] = []
    batch: SealedBatch | None = None
    outcomes: dict[int, str] = {}

    @staff
    async def create(self, actor: Actor, facility_id: Id):
        """Make a batch of everything that is ready at a facility, and open it."""
        batch_id = await write(sealed.create, actor, facility_id)
        await self._reload(actor, batch_id)

    @staff
    async def open_batch(self, actor: Actor, batch_id: Id):
        """Open a batch."""
        self.batch, self.outcomes = await write(sealed.show, actor, batch_id), {}

    @staff
    async def close_batch(self, _actor: Actor):
        """Close the batch."""
        self.batch, self.outcomes = None, {}

    @staff
    async def except_page(self, _actor: Actor, page_id: Id, outcome: Text):
        """Choose what became of one letter of the batch, if it was not handed over."""
        if self.batch and page_id in {page.id for page in self.batch.pages} and outcome in list(Handover):
            self.outcomes = self.outcomes | {page_id: outcome}

    @staff
    async def confirm(self, actor: Actor):
        """Confirm the open batch. Letters that were handed over count as delivered."""
        if self.batch is None:
            raise NotFound("batch")
        exceptions = {page_id: Handover(outcome) for page_id, outcome in self.outcomes.items()}
        await write(sealed.confirm, actor, self.batch.id, exceptions)
        await self._reload(actor, self.batch.id)
        (await self.get_state(SessionState))._show_notice(_("The letters that were handed over count as delivered."))

    async def _reload(self, actor: Actor, batch_id: int) -> None:
        self.ready_to_print, self.batches = await read(lists, actor)
        self.batch, self.outcomes = await read(sealed.get, actor, batch_id), {}

    def _show_lists(self, ready_to_print: list[SealedReady], batches: list[PrintBatchLine]) -> None:
        self.ready_to_print, self.batches, self.ready = ready_to_print, batches, True


def lists(session, actor: Actor) -> tuple[list[SealedReady], list[PrintBatchLine]]:
    """What is ready, and the batches."""
    return sealed.ready(session, actor), sealed.my_batches(session, actor)
