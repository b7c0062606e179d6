"""How long the sign-in of idle staff still lasts."""

import reflex as rx

from rxconnect.config import settings
from rxconnect.domain.accounts import Actor
from rxconnect.services.accounts import sign_ins
from rxconnect.state import visitors
from rxconnect.state.guard import passive, staff
from rxconnect.state.session import Screen
from rxconnect.state.transactions import read

_WARN = 120  # seconds


class IdleState(Screen, rx.State):
    """The seconds until the sign-in ends unless it is used, -1 until they are known. No two answers are the same."""

    left: float = -1
    warn: int = _WARN

    @staff
    @passive
    async def look(self, _actor: Actor):
        """Tell the browser how long the sign-in lasts. This does not make it last longer."""
        await self._tell()

    @staff
    async def stay(self, _actor: Actor):
        """Use the sign-in, which makes it last longer."""
        await self._tell()

    async def _tell(self) -> None:
        left = await read(sign_ins.time_left, visitors.current().sign_in)
        self.left = max(0.0, left.total_seconds())
        # A third of a very short limit is enough.
        self.warn = min(_WARN, int(settings().staff_idle * 60 / 3))
