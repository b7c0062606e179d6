"""A facility's team: its members, open invitations, and what each role may do."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor, Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.team import RoleView, TeamView
from rxconnect.i18n import _
from rxconnect.services.audit.recording import record
from rxconnect.services.team import invitations, team
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, Text, staff
from rxconnect.state.session import Screen, SessionState


class TeamState(Screen, rx.State):
    """The staff of one facility. `editing` is the id of the member whose post is open for a change, 0 for none."""

    view: TeamView | None = None
    is_refused: bool = False
    roles: list[RoleView] = []
    editing: int = 0
    email: str = ""
    name: str = ""
    role: str = Role.REVIEWER

    @staff
    async def load(self, caller: Caller):
        """Load the facility in the address, or the first one."""
        self.is_refused = False
        try:
            self.view = await caller.write(_seen, address.id_in_query(self, "facility", "facility"))
        except NotAllowed:
            self.view, self.is_refused = None, True
        self.roles = team.roles()
        if not await self._returns_with_password(caller.actor):
            self._close()
            self.email = self.name = ""
        self.ready = True

    @staff
    async def invite(self, caller: Caller, form: dict[str, Text]):
        """Email an invitation."""
        self.email, self.name, self.role = (form.get(field, "") for field in ("email", "name", "role"))
        given = {"email": self.email, "name": self.name, "role": self.role}
        await caller.write(invitations.invite, self._facility_id(), **given)
        sentence = _("The invitation is on its way to {email}. It is good for 7 days.").format(email=self.email)
        self.email = self.name = ""
        await self._reload(caller, sentence)

    @staff
    async def withdraw(self, caller: Caller, invitation_id: Id):
        """Make an invitation's link useless."""
        await caller.write(invitations.withdraw, self._facility_id(), invitation_id)
        await self._reload(caller, _("The invitation was withdrawn."))

    @staff
    async def edit(self, caller: Caller, member_id: Id):
        """Open a member's post for a change, or close it again."""
        await caller.require_actor()
        self.editing = 0 if self.editing == member_id else member_id

    @staff
    async def change_role(self, caller: Caller, member_id: Id, role: Text):
        """Give a member another role."""
        return await self._change(caller, _("The role was changed."), team.change_role, member_id, role)

    @staff
    async def suspend(self, caller: Caller, member_id: Id):
        """Take a member's rights away for now."""
        sentence = _("The access is suspended, from the next press on.")
        return await self._change(caller, sentence, team.suspend, member_id)

    @staff
    async def reinstate(self, caller: Caller, member_id: Id):
        """Give a suspended member the rights back."""
        return await self._change(caller, _("The access is back."), team.reinstate, member_id)

    @staff
    async def remove(self, caller: Caller, member_id: Id):
        """End a member's post."""
        return await self._change(caller, _("This person no longer works here."), team.remove, member_id)

    async def _change(self, caller: Caller, sentence: str, service: Callable[..., Any], member_id: int, *args: Any):
        await caller.write(service, self._facility_id(), member_id, *args)
        if member_id == caller.actor.account_id:
            # What the actor may see from now on is found out by the next page.
            (await self.get_state(SessionState))._show_notice(sentence, on_next_page=True)
            return rx.redirect(routes.STAFF)
        await self._reload(caller, sentence)
        return None

    async def _reload(self, caller: Caller, sentence: str) -> None:
        self.view = await caller.read(team.team, self._facility_id())
        self._close()
        (await self.get_state(SessionState))._show_notice(sentence)

    def _facility_id(self) -> int:
        if self.view is None:
            raise NotFound("facility")
        return self.view.facility_id

    def _close(self) -> None:
        self.editing = 0


def _seen(session, actor: Actor, facility_id: int | None) -> TeamView:
    """The team for somebody who opens the page, which is recorded."""
    view = team.team(session, actor, facility_id)
    record(session, actor, view.facility_id, AuditKind.TEAM_SHOWN)
    return view
