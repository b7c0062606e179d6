"""Readings that disagree, and the administrator's verdict."""

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotAllowed
from rxconnect.domain.second_readings import Disagreement, DisagreementsView, Verdict
from rxconnect.services.quality import disagreements
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, Text, staff
from rxconnect.state.session import Screen


class DisagreementsState(Screen, rx.State):
    """The readings of one facility that disagree, and the one that is open."""

    is_refused: bool = False
    view: DisagreementsView | None = None
    shown: Disagreement | None = None

    @staff
    async def load(self, caller: Caller):
        """Load the facility in the address, or the first one."""
        self.is_refused, self.shown = False, None
        try:
            self.view = await caller.write(disagreements.page, address.id_in_query(self, "facility", "facility"))
        except NotAllowed:
            self.view, self.is_refused = None, True
        self.ready = True

    @staff
    async def open(self, caller: Caller, reading_id: Id):
        """Open the letter of two readings."""
        self.shown = await caller.write(disagreements.open_one, reading_id)
        return rx.set_focus("letter-title")

    @staff
    async def close(self, _actor: Actor):
        """Close the letter."""
        self.shown = None
        return rx.set_focus("page-title")

    @staff
    async def judge(self, caller: Caller, reading_id: Id, verdict: Text):
        """Keep which of two readings was right, and go back to the list."""
        if verdict not in list(Verdict):
            return None
        facility_id = self.view.facility_id if self.view else 0
        self.view = await caller.write(_judged, reading_id, Verdict(verdict), facility_id)
        self.shown = None
        return rx.set_focus("page-title")


def _judged(session, actor: Actor, reading_id: int, verdict: Verdict, facility_id: int) -> DisagreementsView:
    disagreements.judge(session, actor, reading_id, verdict)
    return disagreements.reload(session, actor, facility_id)
