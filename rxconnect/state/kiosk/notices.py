"""Notices: what was not delivered and why, and the person's protest."""

import reflex as rx

from rxconnect import live
from rxconnect.domain.accounts import Actor
from rxconnect.domain.inside import InsideNotice
from rxconnect.domain.topics import Subject, Topic
from rxconnect.i18n import _
from rxconnect.services.inside import notices
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, Text, kiosk
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import read, write


class InsideNoticesState(Screen, rx.State):
    """The person's notices, the newest first. `opened_id` is the one that is open, 0 for none."""

    notices: list[InsideNotice] = []
    opened_id: int = 0

    @kiosk
    async def load(self, caller: Caller):
        """Load the notices, and listen for new ones."""
        began = live.mark()
        self.notices = await caller.read(notices.mine)
        listen(caller.actor, Topic(Subject.INSIDE, caller.actor.inmate_id), InsideNoticesState.refresh, began)
        self.opened_id = 0
        self.ready = True

    @kiosk
    async def refresh(self, actor: Actor):
        """Reload after a notice came, or a protest was decided."""
        listen(actor, Topic(Subject.INSIDE, actor.inmate_id), InsideNoticesState.refresh)
        self.notices = await read(notices.mine, actor)

    @kiosk
    async def open(self, actor: Actor, notice_id: Id):
        """Open a notice, which counts as read from then on, or close it again."""
        if self.opened_id == notice_id:
            self.opened_id = 0
            return
        await write(notices.read, actor, notice_id)
        self.opened_id = notice_id
        self.notices = await read(notices.mine, actor)

    @kiosk
    async def protest(self, actor: Actor, form: dict[str, Text]):
        """Send the protest about the open notice."""
        await write(notices.protest, actor, self.opened_id, form.get("text", ""))
        self.notices = await read(notices.mine, actor)
        (await self.get_state(SessionState))._show_notice(_("Your protest is sent. Somebody else reads it again."))
