"""The demonstration's outbox: the emails that a real installation would have sent."""

import reflex as rx

from rxconnect.domain.emails import EmailView
from rxconnect.services.notices import emails
from rxconnect.state.guard import public
from rxconnect.state.session import Screen
from rxconnect.state.transactions import read


class OutboxState(Screen, rx.State):
    """The newest emails. In production the service refuses."""

    emails: list[EmailView] = []

    @public
    async def load(self):
        """Load the newest hundred emails."""
        self.emails = await read(emails.outbox)
        self.ready = True
