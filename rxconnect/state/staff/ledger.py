"""The ledger of a facility: its newest movements of credits and money, as they happen."""

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotAllowed
from rxconnect.domain.finance import LedgerView
from rxconnect.domain.topics import Subject, Topic
from rxconnect.services.audit.recording import record
from rxconnect.services.books import movements
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import staff
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen
from rxconnect.state.transactions import read


class LedgerState(Screen, rx.State):
    """The lines of one facility."""

    view: LedgerView | None = None
    is_refused: bool = False

    @staff
    async def load(self, caller: Caller):
        """Load the facility in the address, and listen for the next movement."""
        self.is_refused = False
        try:
            self.view = await caller.write(_seen, address.id_in_query(self, "facility", "facility"))
            self._listen(caller.actor)
        except NotAllowed:
            self.view, self.is_refused = None, True
        self.ready = True

    @staff
    async def refresh(self, actor: Actor):
        """Reload after something moved."""
        if self.view:
            self._listen(actor)
            self.view = await read(movements.newest, actor, self.view.facility_id)

    def _listen(self, actor: Actor) -> None:
        assert self.view is not None
        listen(actor, Topic(Subject.LEDGER, self.view.facility_id), LedgerState.refresh)


def _seen(session, actor: Actor, facility_id: int | None) -> LedgerView:
    """The ledger for somebody who opens the page, which is recorded."""
    view = movements.newest(session, actor, facility_id)
    record(session, actor, view.facility_id, AuditKind.LEDGER_SHOWN)
    return view
