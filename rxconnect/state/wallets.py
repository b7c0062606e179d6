"""Credits: what is left at each facility."""

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.wallets import WalletView
from rxconnect.services import wallets
from rxconnect.state.guard import family, read
from rxconnect.state.session import Screen


class CreditsState(Screen, rx.State):
    """My wallets."""

    wallets: list[WalletView] = []

    @family
    async def load(self, actor: Actor):
        """My credits at every facility."""
        self.wallets = await read(wallets.balances, actor)
        self.ready = True
