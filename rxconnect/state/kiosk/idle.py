"""How long an idle sign-in at a kiosk still lasts."""

import reflex as rx

from rxconnect.config import settings
from rxconnect.domain.accounts import Actor
from rxconnect.domain.topics import Subject, Topic
from rxconnect.services.kiosk import sign_ins
from rxconnect.state import visitors
from rxconnect.state.guard import kiosk, passive
from rxconnect.state.idle import Idle
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen
from rxconnect.state.transactions import read

_WARN = 30  # seconds


class KioskIdleState(Idle, Screen, rx.State):
    """What the tablet knows of it. `mark` is the sign-in's, with which this page signs out."""

    mark: str = ""

    @kiosk
    @passive
    async def look(self, actor: Actor):
        """Tell the browser how long the sign-in lasts. This does not make it last longer.

        Every page does so. It also listens, so that it leaves at once when its person signs in at another kiosk.
        """
        listen(actor, Topic(Subject.INSIDE, actor.inmate_id), KioskIdleState.look)
        await self._answer()

    @kiosk
    async def stay(self, _actor: Actor):
        """Use the sign-in, which makes it last longer."""
        await self._answer()

    async def _answer(self) -> None:
        token_hash = visitors.current().kiosk
        left = await read(sign_ins.time_left, token_hash)
        self.mark = sign_ins.mark_of(token_hash)
        self._tell(left, warn=_WARN, idle=settings().kiosk_idle)
