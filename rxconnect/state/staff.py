"""Staff: who is signed in, and for which facility."""

import reflex as rx

from rxconnect.domain.accounts import Actor, Permission
from rxconnect.services import facilities
from rxconnect.state.guard import Caller, staff
from rxconnect.state.session import Screen


class StaffState(Screen, rx.State):
    """What a staff member sees until the review desk is there."""

    role: str = ""
    facility: str = ""
    may_see_finance: bool = False

    @staff
    async def load(self, caller: Caller):
        """Role and facility."""
        self.facility = await caller.read(_facility)
        self.role = caller.actor.role.label
        self.may_see_finance = caller.actor.may(Permission.SEE_FINANCE)
        self.ready = True


def _facility(session, actor: Actor) -> str:
    """The name of the facility at which the actor works, or ""."""
    return "" if actor.facility_id is None else facilities.get(session, actor, actor.facility_id).name
