"""Lawyers: requests that wait for an administrator, verifications that hold, and those that are over."""

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import LawyerRequestChanged, NotAllowed
from rxconnect.domain.lawyers import LawyerRegister
from rxconnect.i18n import _
from rxconnect.services.audit.recording import record_at
from rxconnect.services.lawyers import reviews
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, Text, staff
from rxconnect.state.session import Screen, SessionState


class LawyersState(Screen, rx.State):
    """The lawyers of the facilities where the actor verifies them. `editing` is the one whose form is open, 0 for none."""

    view: LawyerRegister | None = None
    is_refused: bool = False
    editing: int = 0
    is_refusing: bool = False
    last_day: str = ""
    reason: str = ""
    # The version of the request that the open form was opened for.
    _shown: str = ""

    @staff
    async def load(self, caller: Caller):
        """Load the lawyers."""
        self.is_refused = False
        try:
            self.view = await caller.write(_seen)
        except NotAllowed:
            self.view, self.is_refused = None, True
        if not await self._returns_with_password(caller.actor):
            self._close()
        self.ready = True

    @staff
    async def open_form(self, caller: Caller, lawyer_id: Id, refuses: bool):
        """Open or close the form that verifies a lawyer, or the one that refuses or ends."""
        await caller.require_actor()
        is_open = (lawyer_id, refuses) == (self.editing, self.is_refusing)
        self._close()
        if not is_open:
            self.editing, self.is_refusing = lawyer_id, refuses
            self._shown = self._version_on_page()

    @staff
    async def verify(self, caller: Caller, form: dict[str, Text]):
        """Verify the lawyer whose form is open, until the end of a day."""
        self.last_day = form.get("last_day", "")
        try:
            await caller.write(reviews.verify, self.editing, self.last_day, self._shown)
        except LawyerRequestChanged:
            self.view = await caller.read(reviews.register)
            self._shown = self._version_on_page()
            raise
        await self._reload(caller, _("Verified. Staff cannot read this lawyer's new letters from now on."))

    @staff
    async def refuse(self, caller: Caller, form: dict[str, Text]):
        """Refuse the request whose form is open. The lawyer reads the reason."""
        self.reason = form.get("reason", "")
        await caller.write(reviews.refuse, self.editing, self.reason)
        await self._reload(caller, _("Refused. The lawyer gets an email with your reason."))

    @staff
    async def end_early(self, caller: Caller, form: dict[str, Text]):
        """End the verification whose form is open. The lawyer reads the reason."""
        self.reason = form.get("reason", "")
        await caller.write(reviews.end_early, self.editing, self.reason)
        await self._reload(caller, _("Ended. New letters are ordinary; those that were sent stay privileged."))

    async def _reload(self, caller: Caller, sentence: str) -> None:
        self.view = await caller.read(reviews.register)
        self._close()
        (await self.get_state(SessionState))._show_notice(sentence)

    def _version_on_page(self) -> str:
        """The version of the request whose form is open, as the page shows it; "" if it shows none."""
        waiting = self.view.waiting if self.view else []
        return next((one.version for one in waiting if one.id == self.editing), "")

    def _close(self) -> None:
        self.editing, self.is_refusing, self.last_day, self.reason = 0, False, "", ""
        self.problem, self.problems = "", {}


def _seen(session, actor: Actor) -> LawyerRegister:
    """The lawyers for somebody who opens the page, which is recorded."""
    shown = reviews.register(session, actor)
    record_at(session, actor, reviews.verifying_at(actor), AuditKind.LAWYERS_SHOWN)
    return shown
