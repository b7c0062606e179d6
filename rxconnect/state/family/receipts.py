"""Receipts: the payment history, one receipt, and a year's statement."""

from dataclasses import replace

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.receipts import LINES_PER_PAGE, Filter, HistoryView, ReceiptView
from rxconnect.domain.statements import StatementView
from rxconnect.domain.walkthrough import WalkthroughStep
from rxconnect.services.books import receipt_history, statements
from rxconnect.services.dashboard import walkthrough
from rxconnect.services.directory import contacts
from rxconnect.services.messages import drafts
from rxconnect.services.purchases import receipts
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Text, family
from rxconnect.state.session import Screen
from rxconnect.state.transactions import write


class ReceiptsState(Screen, rx.State):
    """Payments, refunds and transfers, newest first, fifty at a time. The filter survives a visit to one receipt."""

    history: HistoryView | None = None
    statement_years: list[int] = []
    facility: str = ""
    year: str = ""
    kind: str = ""
    _start: int = 0

    @family
    async def load(self, caller: Caller):
        """Load the newest lines, and the years that have a statement."""
        self._start = 0
        self.history, self.statement_years = await caller.read(_history_and_years, self._chosen_filter())
        self.ready = True

    @family
    async def filter_history(self, caller: Caller, facility: Text, year: Text, kind: Text):
        """Show only one facility, one year or one kind of movement; "" means all."""
        Filter.parse(facility, year, kind)
        self.facility, self.year, self.kind, self._start = facility, year, kind, 0
        await self._load_history(caller)

    @family
    async def clear_filter(self, caller: Caller):
        """Clear the filter."""
        self.facility = self.year = self.kind = ""
        self._start = 0
        await self._load_history(caller)

    @family
    async def show_older(self, caller: Caller):
        """Show the fifty older lines."""
        if self.history and self.history.last < self.history.total:
            self._start += LINES_PER_PAGE
        await self._load_history(caller)

    @family
    async def show_newer(self, caller: Caller):
        """Show the fifty newer lines."""
        self._start = max(0, self._start - LINES_PER_PAGE)
        await self._load_history(caller)

    async def _load_history(self, caller: Caller) -> None:
        self.history = await caller.read(receipt_history.history_page, self._chosen_filter(), start=self._start)

    def _chosen_filter(self) -> Filter:
        return Filter.parse(self.facility, self.year, self.kind)


class ReceiptState(Screen, rx.State):
    """One receipt, with later refunds and disputes of its payment."""

    receipt: ReceiptView | None = None

    @family
    async def load(self, caller: Caller):
        """Load the receipt with the number in the address."""
        self.receipt = None
        self.receipt = await caller.read(receipts.get, address.path_segment(self))
        self.ready = True

    @family
    async def write_message(self, actor: Actor):
        """Go on to compose: the draft that waited for credits, or a new one."""
        draft_id = await write(_resume_or_start_draft, actor, self.receipt.facility_id if self.receipt else 0)
        return rx.redirect(routes.fill(routes.COMPOSE, draft_id))


class StatementState(Screen, rx.State):
    """A year's payments, refunds, transfers and spent credits, by facility."""

    statement: StatementView | None = None

    @family
    async def load(self, caller: Caller):
        """Load the statement of the year in the address."""
        self.statement = None
        self.statement = _truncated(await caller.read(statements.get, whole_number(address.path_segment(self))))
        self.ready = True


def _history_and_years(session, actor: Actor, wanted: Filter) -> tuple[HistoryView, list[int]]:
    return receipt_history.history_page(session, actor, wanted, start=0), statements.years(session, actor)


def _truncated(statement: StatementView) -> StatementView:
    """The statement with at most fifty lines a facility, the limit of every list in a browser."""
    short = [
        replace(one, lines=one.lines[:LINES_PER_PAGE], hidden=max(0, len(one.lines) - LINES_PER_PAGE))
        for one in statement.facilities
    ]
    return replace(statement, facilities=short)


def _resume_or_start_draft(session, actor: Actor, facility_id: int) -> int:
    """The id of the last draft to a contact here, else of a new one to the walkthrough's contact or one here."""
    journey = walkthrough.get(session, actor)
    draft_id = drafts.latest_draft_at(session, actor, facility_id)
    if draft_id is None:
        here = [contact.id for contact in contacts.my_contacts(session, actor) if contact.facility_id == facility_id]
        contact_id = journey.contact_id if journey.contact_id in here else next(iter(here), None)
        draft_id = drafts.get_or_create_empty(session, actor, contact_id)
    if journey.is_active:
        walkthrough.go_to_step(session, actor, WalkthroughStep.WRITE, draft_id=draft_id)
    return draft_id
