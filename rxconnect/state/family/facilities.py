"""Facilities: choose one of the account's locations, or find and add one in the profile."""

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.facilities import FacilityView
from rxconnect.i18n import N_, _
from rxconnect.services.directory import facilities
from rxconnect.services.messages import walkthrough
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.guard import Id, Text, family, while_typing
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import read, write


class ChooseFacilityState(Screen, rx.State):
    """Step "Facility": choose one of the account's locations."""

    locations: list[FacilityView] = []

    @family
    async def load(self, caller: Caller):
        """Load the account's locations."""
        self.locations = await caller.read(facilities.my_locations)
        self.ready = True

    @family
    async def choose(self, caller: Caller, facility_id: Id):
        """Choose this facility and go on to Find inmate."""
        await caller.write(walkthrough.choose_facility, facility_id)
        await self._reset_screen(FindInmateState)
        return rx.redirect(routes.FIND_INMATE)


_WAYS_BACK = {
    "find": (routes.FIND_FACILITY, N_("Back to choosing the facility")),
    "credits": (routes.BUY_CREDITS, N_("Back to buying credits")),
}


class LocationsState(Screen, rx.State):
    """The account's locations in the profile: find a facility, add it, remove it."""

    text: str = ""
    results: list[FacilityView] = []
    locations: list[FacilityView] = []
    has_searched: bool = False
    # The step that sent the user here to add a facility, and its name; "" if none did.
    way_back: str = ""
    way_back_name: str = ""
    added_name: str = ""

    @family
    @while_typing
    async def search(self, caller: Caller, text: Text):
        """Search while the user types, once the text is long enough."""
        self._update_field("text", text)
        is_enough = facilities.is_long_enough(text)
        self.results = await caller.read_serially(facilities.search, text) if is_enough else []
        self.has_searched = is_enough

    @family
    async def add(self, actor: Actor, facility_id: Id):
        """Add a facility to my locations."""
        added = await write(facilities.add_location, actor, facility_id)
        self.added_name = added.name
        self.text, self.results, self.has_searched = "", [], False
        self.locations = await read(facilities.my_locations, actor)
        # With a way back, the page itself says so beside the link.
        if not self.way_back:
            session = await self.get_state(SessionState)
            session._show_notice(_("{name} was added to your locations.").format(name=added.name))
        return rx.set_focus("page-title")

    @family
    async def remove(self, actor: Actor, facility_id: Id):
        """Remove a location. Contacts, messages and credits are kept."""
        await write(facilities.remove_location, actor, facility_id)
        self.locations = await read(facilities.my_locations, actor)
        session = await self.get_state(SessionState)
        session._show_notice(_("The location was removed. Your contacts, messages and credits there are kept."))

    def _show_locations(self, locations: list[FacilityView]) -> None:
        """Show the locations on a loaded profile page. The search field keeps its text."""
        self.way_back, name = _WAYS_BACK.get(address.query_value(self, "for"), ("", ""))
        self.way_back_name = _(name) if name else ""
        self.added_name = ""
        self.locations = locations
        self.ready = True
