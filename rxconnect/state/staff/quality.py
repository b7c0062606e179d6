"""How far first and second readings agree at a facility."""

import reflex as rx

from rxconnect.domain.errors import NotAllowed
from rxconnect.domain.quality import QualityView
from rxconnect.services.quality import agreement
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import staff
from rxconnect.state.session import Screen


class QualityState(Screen, rx.State):
    """The figures of one facility, or of the reviewer's own letters there."""

    is_refused: bool = False
    view: QualityView | None = None

    @staff
    async def load(self, caller: Caller):
        """Load the facility in the address, or the first one."""
        self.is_refused = False
        try:
            self.view = await caller.write(agreement.quality, address.id_in_query(self, "facility", "facility"))
        except NotAllowed:
            self.view, self.is_refused = None, True
        self.ready = True
