"""How long the sign-in of idle staff still lasts."""

import reflex as rx

from rxconnect.config import settings
from rxconnect.domain.accounts import Actor
from rxconnect.services.accounts import sign_ins
from rxconnect.state import visitors
from rxconnect.state.guard import passive, staff
from rxconnect.state.idle import Idle
from rxconnect.state.session import Screen
from rxconnect.state.transactions import read

_WARN = 120  # seconds


class IdleState(Idle, Screen, rx.State):
    """What the browser of a member of staff knows of it."""

    @staff
    @passive
    async def look(self, _actor: Actor):
        """Tell the browser how long the sign-in lasts. This does not make it last longer."""
        await self._answer()

    @staff
    async def stay(self, _actor: Actor):
        """Use the sign-in, which makes it last longer."""
        await self._answer()

    async def _answer(self) -> None:
        left = await read(sign_ins.time_left, visitors.current().sign_in)
        self._tell(left, warn=_WARN, idle=settings().staff_idle * 60)
