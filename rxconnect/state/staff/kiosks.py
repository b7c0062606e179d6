"""The kiosks of a facility, and the PINs of the people there."""

from typing import Any

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.kiosk import KiosksView, NewCode, NewPin, PersonView
from rxconnect.i18n import _
from rxconnect.services.audit.recording import record
from rxconnect.services.kiosk import devices, pins, views
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, Text, staff
from rxconnect.state.session import Screen, SessionState


class KiosksState(Screen, rx.State):
    """One facility's kiosks."""

    view: KiosksView | None = None
    is_refused: bool = False
    name: str = ""
    number: str = ""
    # Each is shown this one time, and gone with the next press.
    new_code: NewCode | None = None
    new_pin: NewPin | None = None
    person: PersonView | None = None

    @staff
    async def load(self, caller: Caller):
        """Load the facility in the address, or the first one."""
        self.is_refused = False
        self._forget()
        try:
            self.view = await caller.write(_seen, address.id_in_query(self, "facility", "facility"))
        except NotAllowed:
            self.view, self.is_refused = None, True
        if not await self._returns_with_password(caller.actor):
            self.name = self.number = ""
        self.ready = True

    @staff
    async def add(self, caller: Caller, form: dict[str, Text]):
        """Set up a kiosk and show its code."""
        self._forget()
        self.name = form.get("name", "")
        self.new_code = await caller.write(devices.make, self._facility_id(), self.name)
        self.name = ""
        await self._reload(caller)

    @staff
    async def renew(self, caller: Caller, device_id: Id):
        """Show a new code for a kiosk whose tablet was exchanged."""
        self._forget()
        self.new_code = await caller.write(devices.renew, self._facility_id(), device_id)
        await self._reload(caller)

    @staff
    async def revoke(self, caller: Caller, device_id: Id):
        """Take a kiosk out of use."""
        self._forget()
        await caller.write(devices.revoke, self._facility_id(), device_id)
        await self._reload(caller)
        (await self.get_state(SessionState))._show_notice(_("The kiosk is out of use. Whoever used it is signed out."))

    @staff
    async def find_person(self, caller: Caller, form: dict[str, Text]):
        """Look up somebody who needs a PIN."""
        self._forget()
        self.number = form.get("number", "")
        self.person = await caller.write(pins.find, self._facility_id(), self.number)

    @staff
    async def give_pin(self, caller: Caller, inmate_id: Id):
        """Give somebody a new PIN and show it."""
        self._forget()
        self.new_pin = await caller.write(pins.give, self._facility_id(), inmate_id)
        self.number = ""

    @staff
    async def unlock(self, caller: Caller, inmate_id: Id):
        """Let somebody try their PIN again at once."""
        self._forget()
        self.person = await caller.write(pins.unlock, self._facility_id(), inmate_id)
        (await self.get_state(SessionState))._show_notice(_("They can try again now."))

    def _forget(self) -> None:
        self.new_code = self.new_pin = self.person = None

    async def _reload(self, caller: Caller) -> None:
        self.view = await caller.read(views.kiosks, self._facility_id())

    def _facility_id(self) -> int:
        if self.view is None:
            raise NotFound("facility")
        return self.view.facility_id


def _seen(session: Any, actor: Actor, facility_id: int | None) -> KiosksView:
    """The kiosks for somebody who opens the page, which is recorded."""
    view = views.kiosks(session, actor, facility_id)
    record(session, actor, view.facility_id, AuditKind.KIOSKS_SHOWN)
    return view
