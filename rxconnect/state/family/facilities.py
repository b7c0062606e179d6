"""Facilities: say to whom to write, choose one of the account's locations, or find and add one in the profile."""

from typing import ClassVar

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.facilities import FacilityView
from rxconnect.domain.inmates import InmateView
from rxconnect.domain.recipients import Recipients
from rxconnect.domain.removals import RemovalKind
from rxconnect.i18n import N_, _
from rxconnect.services.dashboard import walkthrough
from rxconnect.services.directory import contacts, facilities, recipients
from rxconnect.state import address, visitors
from rxconnect.state.caller import Caller
from rxconnect.state.family.contacts import FoundState
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.guard import Id, Text, family, undoable, while_typing
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import read, write


class ChooseFacilityState(Screen, rx.State):
    """Step "Facility": say to whom to write, as a number, a name or a facility, or choose one of the account's locations."""

    locations: list[FacilityView] = []
    text: str = ""
    people: list[InmateView] = []
    facilities: list[FacilityView] = []
    has_more: bool = False
    has_searched: bool = False
    # The ids of the matches, as in `FindInmateState`.
    matches_key: str = ""
    # The people come above the facilities when one of them is exactly meant.
    is_somebody: bool = False

    @family
    async def load(self, caller: Caller):
        """Load the account's locations."""
        self.locations = await caller.read(facilities.my_locations)
        self.ready = True

    @family
    async def choose(self, caller: Caller, facility_id: Id):
        """Choose this facility, which is added to the locations if it is none yet, and go on to Find inmate."""
        return await self._go_on_to(caller, facility_id)

    @family
    @while_typing
    async def search(self, caller: Caller, text: Text):
        """Search people and facilities while the user types."""
        if self._update_field("text", text):
            await self._search(caller, text)

    @family
    async def take(self, caller: Caller, form: dict[str, Text]):
        """Enter: search, and take the one match if there is only one that can be meant."""
        found = await self._search(caller, form.get("recipient", ""))
        if isinstance(found.only, InmateView):
            return await self._select(caller, found.only.ticket)
        if found.only:
            return await self._go_on_to(caller, found.only.id)
        return rx.set_focus("recipients")

    @family
    async def select_person(self, caller: Caller, ticket: Text):
        """SELECT: add the person of a match's `ticket` to the contacts, and go straight on to what is missing."""
        return await self._select(caller, ticket)

    async def _go_on_to(self, caller: Caller, facility_id: int):
        await caller.write(_choose_facility, facility_id)
        self._show(Recipients(), "")
        await self._reset_screen(FindInmateState)
        return rx.redirect(routes.FIND_INMATE)

    async def _select(self, caller: Caller, ticket: str):
        next_address = await caller.write(_add_contact, ticket)
        self._show(Recipients(), "")
        await self._reset_screen(FoundState)
        return rx.redirect(next_address)

    async def _search(self, caller: Caller, text: str) -> Recipients:
        await caller.write_unsynced(recipients.count_search, text, visitors.current().address)
        found = await caller.read_serially(recipients.find, text)
        self._show(found, text)
        return found

    def _show(self, found: Recipients, text: str) -> None:
        self.text, self.has_searched = text, facilities.is_long_enough(text)
        self.people, self.facilities, self.has_more = found.people, found.facilities, found.has_more
        self.matches_key = found.key
        self.is_somebody = bool(found.exact)


def _choose_facility(session, actor: Actor, facility_id: int) -> None:
    facilities.add_location(session, actor, facility_id)
    walkthrough.choose_facility(session, actor, facility_id)


def _add_contact(session, actor: Actor, ticket: str) -> str:
    """Add the person, and return the address of what is missing: the letter, or the credits for it.

    Only users on the walk to a first letter are led to buy at once: others may have wanted just the contact. If a letter would
    not arrive now, the page after SELECT says so.
    """
    contact = contacts.add_by_ticket(session, actor, ticket)
    is_led = walkthrough.choose_contact(session, actor, contact.id).is_active
    if not contact.is_reachable or contact.fate_note or contact.blocked_by_staff:
        return routes.FOUND
    if contact.credits:
        return routes.with_query(routes.COMPOSE_NEW, contact=contact.id)
    return routes.with_query(routes.BUY_CREDITS, facility=contact.facility_id) if is_led else routes.FOUND


_WAYS_BACK = {
    "find": (routes.FIND_FACILITY, N_("Back to choosing the facility")),
    "credits": (routes.BUY_CREDITS, N_("Back to buying credits")),
}


class LocationsState(Screen, rx.State):
    """The account's locations in the profile: find a facility, add it, remove it."""

    _loaded_by: ClassVar[str] = "ProfileState"
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
    @undoable(RemovalKind.LOCATION)
    async def remove(self, actor: Actor, facility_id: Id):
        """Remove a location. Contacts, messages and credits are kept."""
        removal = await write(facilities.remove_location, actor, facility_id)
        self.locations = await read(facilities.my_locations, actor)
        if removal:
            (await self.get_state(SessionState))._show_removal(removal)

    def _show_locations(self, locations: list[FacilityView]) -> None:
        """Show the locations on a loaded profile page. The search field keeps its text."""
        self.way_back, name = _WAYS_BACK.get(address.query_value(self, "for"), ("", ""))
        self.way_back_name = _(name) if name else ""
        self.added_name = ""
        self.locations = locations
        self.ready = True
