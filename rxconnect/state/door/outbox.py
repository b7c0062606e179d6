"""The demonstration's outbox: every email that would have been sent."""

import reflex as rx

from rxconnect.domain.emails import EmailView
from rxconnect.services.notices import emails
from rxconnect.state.guard import public
from rxconnect.state.session import Screen
from rxconnect.state.transactions import read


class OutboxState(Screen, rx.State):
    """The newest emails. In production there are none to show: the service refuses."""

    emails: list[EmailView] = []

    @public
    async def load(self):
        """The newest hundred."""
        self.emails = await read(emails.outbox)
        self.ready = True
