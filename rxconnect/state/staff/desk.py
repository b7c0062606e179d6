"""Staff: who is signed in, and for which facility."""

import reflex as rx

from rxconnect.domain.accounts import Actor, Permission
from rxconnect.services.directory import facilities
from rxconnect.state.guard import read, staff
from rxconnect.state.session import Screen


class StaffState(Screen, rx.State):
    """What a staff member sees until the review desk is there."""

    role: str = ""
    facility: str = ""
    may_see_finance: bool = False

    @staff
    async def load(self, actor: Actor):
        """Role and facility."""
        self.role = actor.role.label
        self.may_see_finance = actor.may(Permission.SEE_FINANCE)
        if actor.facility_id is not None:
            self.facility = (await read(facilities.get, actor, actor.facility_id)).name
        self.ready = True
