"""The people who write to the person at the kiosk, and whom they block."""

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.inside import InsideSender
from rxconnect.i18n import _
from rxconnect.services.inside import senders
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, kiosk
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import read, write


class SendersState(Screen, rx.State):
    """Everybody who has written."""

    senders: list[InsideSender] = []

    @kiosk
    async def load(self, caller: Caller):
        """Load them, the blocked ones first."""
        self.senders = await caller.read(senders.mine)
        self.ready = True

    @kiosk
    async def block(self, actor: Actor, contact_id: Id):
        """Block a sender."""
        await write(senders.block, actor, contact_id)
        await self._reload(actor, _("They cannot send you new letters now."))

    @kiosk
    async def unblock(self, actor: Actor, contact_id: Id):
        """Unblock a sender."""
        await write(senders.unblock, actor, contact_id)
        await self._reload(actor, _("They can write to you again."))

    async def _reload(self, actor: Actor, sentence: str) -> None:
        self.senders = await read(senders.mine, actor)
        (await self.get_state(SessionState))._show_notice(sentence)
