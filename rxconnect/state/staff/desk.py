"""Staff: who is signed in, where, and for which facility."""

import reflex as rx

from rxconnect.domain.accounts import Actor, Permission, SignInView
from rxconnect.services.accounts import sign_in_views
from rxconnect.services.directory import facilities
from rxconnect.state.guard import Id, read, staff, write
from rxconnect.state.session import Screen, SessionState


class StaffState(Screen, rx.State):
    """What a staff member sees until the review desk is there."""

    role: str = ""
    facility: str = ""
    may_see_finance: bool = False
    sign_ins: list[SignInView] = []

    @staff
    async def load(self, actor: Actor):
        """Role, facility, and where one is signed in."""
        self.sign_ins = await read(sign_in_views.mine, actor)
        self.role = actor.role.label
        self.may_see_finance = actor.may(Permission.SEE_FINANCE)
        if actor.facility_id is not None:
            self.facility = (await read(facilities.get, actor, actor.facility_id)).name
        self.ready = True

    @staff
    async def end_sign_in(self, actor: Actor, sign_in_id: Id):
        """End one of one's own sign-ins."""
        await write(sign_in_views.end, actor, sign_in_id)
        self.sign_ins = await read(sign_in_views.mine, actor)
        (await self.get_state(SessionState))._say("That browser was signed out.")
