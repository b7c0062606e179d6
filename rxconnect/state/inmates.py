"""Find inmate: results arrive as one types; SELECT adds the person to the contacts."""

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import Invalid
from rxconnect.domain.inmates import InmateQuery, InmateView
from rxconnect.services import contacts, inmates, walkthrough
from rxconnect.state.contacts import FoundState
from rxconnect.state.guard import Id, Text, family, read, typing, write
from rxconnect.state.session import Screen


class FindInmateState(Screen, rx.State):
    """What was typed, and who matches."""

    facility: str = ""
    facility_id: int = 0
    number: str = ""
    first_name: str = ""
    last_name: str = ""
    results: list[InmateView] = []
    has_more: bool = False
    has_searched: bool = False

    @family
    async def load(self, actor: Actor):
        """The chosen facility and what was typed before, with its matches."""
        journey = await read(walkthrough.get, actor)
        if journey.facility_id is None:
            return rx.redirect(routes.FIND_FACILITY, replace=True)
        self.facility, self.facility_id = journey.facility, journey.facility_id
        self.number, self.first_name, self.last_name = journey.number, journey.first_name, journey.last_name
        await write(inmates.count_search, actor, self._query())
        await self._find(actor)
        self.ready = True
        return None

    @family
    @typing
    async def type_number(self, actor: Actor, text: Text):
        """The inmate number, as it is typed."""
        if self._retyped("number", text):
            await self._search(actor)

    @family
    @typing
    async def type_first_name(self, actor: Actor, text: Text):
        """The first name, as it is typed."""
        if self._retyped("first_name", text):
            await self._search(actor)

    @family
    @typing
    async def type_last_name(self, actor: Actor, text: Text):
        """The last name, as it is typed."""
        if self._retyped("last_name", text):
            await self._search(actor)

    @family
    async def search(self, actor: Actor, form: dict[str, Text]):
        """The Search button, or Enter: with the fields as they stand, and with a sentence when they are too short."""
        self.number = form.get("number", "")
        self.first_name, self.last_name = form.get("first_name", ""), form.get("last_name", "")
        await self._search(actor, is_asked=True)

    @family
    async def more(self, actor: Actor):
        """The next twenty matches."""
        await write(inmates.count_search, actor, self._query())
        found, self.has_more = await read(
            inmates.find, actor, self.facility_id, self._query(), offset=len(self.results)
        )
        self.results = [*self.results, *found]

    @family
    async def select(self, actor: Actor, inmate_id: Id):
        """Add the person to my contacts and go on."""
        await write(_select, actor, inmate_id)
        await self._clear(FoundState)
        return rx.redirect(routes.FOUND)

    def _query(self) -> InmateQuery:
        return InmateQuery(self.number, self.first_name, self.last_name)

    async def _search(self, actor: Actor, *, is_asked: bool = False) -> None:
        await write(_begin_search, actor, self._query())
        await self._find(actor, is_asked=is_asked)

    async def _find(self, actor: Actor, *, is_asked: bool = False) -> None:
        """Search; while someone still types, too little to search for is no mistake yet."""
        try:
            self.results, self.has_more = await read(inmates.find, actor, self.facility_id, self._query())
            self.has_searched = True
        except Invalid as too_little:
            self.results, self.has_more, self.has_searched = [], False, False
            if is_asked or "form" not in too_little.fields:
                raise


def _begin_search(session, actor: Actor, query: InmateQuery) -> None:
    """Keep what was typed and count the search, in one commit for each pause in the typing."""
    walkthrough.remember_query(session, actor, query)
    inmates.count_search(session, actor, query)


def _select(session, actor: Actor, inmate_id: int) -> None:
    contact = contacts.add(session, actor, inmate_id)
    walkthrough.choose_contact(session, actor, contact.id)
