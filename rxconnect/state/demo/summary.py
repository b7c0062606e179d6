"""The summary of a demo session that has ended."""

import reflex as rx

from rxconnect.demo import summaries
from rxconnect.domain.demo import SummaryView
from rxconnect.state import address, visitors
from rxconnect.state.guard import public
from rxconnect.state.session import Screen
from rxconnect.state.transactions import read


class SummaryState(Screen, rx.State):
    """The summary, which is kept for a day. Its number cannot be guessed, so everyone who has the address may read it.

    Only the browser of the trainer may take the world along.
    """

    view: SummaryView | None = None

    @public
    async def load(self):
        """Load the summary with the number in the address."""
        self.view = None
        self.view = await read(summaries.summary, address.path_segment(self, 3), visitors.current().led)
        self.ready = True
