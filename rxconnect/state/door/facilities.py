"""Facilities for everybody: the list, and one of them."""

import reflex as rx

from rxconnect.domain.facility_pages import FacilityLine, FacilityPageView
from rxconnect.services.public import facility_pages
from rxconnect.state import address
from rxconnect.state.guard import Text, public, while_typing
from rxconnect.state.session import Screen
from rxconnect.state.transactions import read, read_serially


class FacilityListState(Screen, rx.State):
    """The facilities that match what was typed; at first those that are open."""

    text: str = ""
    facilities: list[FacilityLine] = []

    @public
    async def load(self):
        """Load the list."""
        self.text = ""
        self.facilities = await read(facility_pages.lines, "")
        self.ready = True

    @public
    @while_typing
    async def search(self, text: Text):
        """Search while the user types. Strangers search too, so their searches run one at a time in this process."""
        if self._update_field("text", text):
            self.facilities = await read_serially(facility_pages.lines, text)


class FacilityPageState(Screen, rx.State):
    """One facility."""

    facility: FacilityPageView | None = None

    @public
    async def load(self):
        """Load the facility with the key in the address."""
        if self.facility and self.facility.key != address.path_segment(self):
            self.reset()
        self.facility = await read(facility_pages.page, address.path_segment(self))
        self.ready = True
