"""Find inmate: results arrive while the user types; SELECT adds the person to the contacts."""

from collections.abc import Callable

import reflex as rx

from rxconnect import routes
from rxconnect.domain import states
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import Invalid, RxConnectError
from rxconnect.domain.inmates import MAX_DEPTH, InmateQuery, InmateView
from rxconnect.domain.walkthrough import WalkthroughView
from rxconnect.i18n import _, counted, join_with_or
from rxconnect.services.dashboard import walkthrough
from rxconnect.services.directory import contacts, inmates
from rxconnect.state import address, visitors
from rxconnect.state.caller import Caller
from rxconnect.state.family.contacts import FoundState
from rxconnect.state.guard import Text, family, while_typing
from rxconnect.state.session import Screen


def _save_and_count_search(session, actor: Actor, query: InmateQuery, caller: str) -> None:
    """Save the query and count the search, in one commit for each pause in the typing."""
    walkthrough.save_query(session, actor, query)
    inmates.count_search(session, actor, query, caller)


class FindInmateState(Screen, rx.State):
    """The query, where to search, and the matches."""

    # 0 when the user searches everywhere and has chosen no facility.
    facility_id: int = 0
    facility: str = ""
    is_everywhere: bool = False
    in_state: str = ""
    number: str = ""
    first_name: str = ""
    last_name: str = ""
    born: str = ""
    results: list[InmateView] = []
    # The ids of the matches. The page shows other matches as a new list, so that a press never lands on somebody who has just
    # come.
    matches_key: str = ""
    has_more: bool = False
    # The number of matches, or a tip; "" while the query is too short.
    summary: str = ""

    @family
    async def load(self, caller: Caller):
        """Load the chosen facility and the saved query, with its matches."""
        if address.query_value(self, "everywhere"):
            await caller.write(walkthrough.search_everywhere)
            self.reset()
            return rx.redirect(routes.FIND_INMATE, replace=True)
        journey = await caller.read(walkthrough.get)
        if journey.facility_id is None and not journey.is_everywhere:
            return rx.redirect(routes.FIND_FACILITY, replace=True)
        self._assign(journey)
        await self._search(caller, begin=inmates.count_search)
        return None

    @family
    @while_typing
    async def type_number(self, caller: Caller, text: Text):
        """Search while the user types the inmate number."""
        await self._search_while_typing(caller, "number", text)

    @family
    @while_typing
    async def type_first_name(self, caller: Caller, text: Text):
        """Search while the user types the first name."""
        await self._search_while_typing(caller, "first_name", text)

    @family
    @while_typing
    async def type_last_name(self, caller: Caller, text: Text):
        """Search while the user types the last name."""
        await self._search_while_typing(caller, "last_name", text)

    @family
    @while_typing
    async def type_born(self, caller: Caller, text: Text):
        """Search again while the user types the year of birth or the age."""
        await self._search_while_typing(caller, "born", text)

    @family
    async def search_everywhere(self, caller: Caller, is_everywhere: bool):
        """Search all facilities, or only the chosen one."""
        self.is_everywhere = is_everywhere
        await self._search(caller)

    @family
    async def search_in_state(self, caller: Caller, code: Text):
        """Search one state, or all of them with ""."""
        self.in_state = states.code_of(code)
        await self._search(caller)

    @family
    async def widen_search(self, caller: Caller):
        """After no match: search all facilities and all states."""
        self.is_everywhere, self.in_state = True, ""
        await self._search(caller)

    @family
    async def search(self, caller: Caller, form: dict[str, Text]):
        """Search on the button or Enter, with a sentence when the query is too short."""
        self.number = form.get("number", "")
        self.first_name, self.last_name = form.get("first_name", ""), form.get("last_name", "")
        self.born = form.get("born", "")
        await self._search(caller, is_asked=True)
        # On a phone the matches are below the fold, and under the keyboard for as long as a field has the focus.
        return rx.set_focus("matches")

    @family
    async def load_more(self, caller: Caller):
        """Load the next twenty matches."""
        await caller.write_unsynced(inmates.count_search, self._typed_query(), self._network_address())
        found, has_more = await caller.read_serially(
            inmates.find, self.facility_id, self._typed_query(), offset=len(self.results)
        )
        # The order may differ in a longer list, so skip people who are already shown.
        shown = {person.id for person in self.results}
        self._show_matches([*self.results, *(person for person in found if person.id not in shown)], has_more)

    @family
    async def select_match(self, caller: Caller, ticket: Text):
        """SELECT: add the person of a match's `ticket` to the contacts, and go on."""
        is_new = await caller.write(_add_contact_and_advance, ticket)
        await self._reset_screen(FoundState)
        (await self.get_state(FoundState)).is_new = is_new
        return rx.redirect(routes.FOUND)

    def _assign(self, journey: WalkthroughView) -> None:
        self.facility, self.facility_id = journey.facility, journey.facility_id or 0
        self.number, self.first_name, self.last_name = journey.number, journey.first_name, journey.last_name
        self.born, self.is_everywhere, self.in_state = journey.born, journey.is_everywhere, journey.state
        self.ready = True

    async def _search_while_typing(self, caller: Caller, field: str, text: str) -> None:
        if self._update_field(field, text):
            await self._search(caller)

    def _typed_query(self) -> InmateQuery:
        return InmateQuery(self.number, self.first_name, self.last_name, self.is_everywhere, self.in_state, self.born)

    def _network_address(self) -> str:
        """The browser's network address, as recorded at the handshake."""
        return visitors.current().address

    async def _search(
        self, caller: Caller, *, is_asked: bool = False, begin: Callable[..., None] = _save_and_count_search
    ) -> None:
        """Search. Only the button (`is_asked`) makes a short query a problem, not the typing."""
        try:
            await caller.write_unsynced(begin, self._typed_query(), self._network_address())
            found, has_more = await caller.read_serially(inmates.find, self.facility_id, self._typed_query())
        except RxConnectError as refusal:
            # Remove the matches of the earlier query.
            self.results, self.has_more, self.summary = [], False, ""
            if is_asked or not (isinstance(refusal, Invalid) and "form" in refusal.fields):
                raise
        else:
            self.matches_key = " ".join(str(person.id) for person in found)
            self._show_matches(found, has_more)

    def _show_matches(self, found: list[InmateView], has_more: bool) -> None:
        self.results, self.has_more = found, has_more
        is_exact = any(not person.why for person in found)
        summary = _matches_sentence(
            self._typed_query(), self.facility, len(found), has_more=has_more, is_exact=is_exact
        )
        if self.born.strip() and not inmates.can_read_born(self.born):
            unread = _("We could not read a year of birth or an age, so we searched without it.")
            summary = f"{summary} {unread}"
        self.summary = summary


def _add_contact_and_advance(session, actor: Actor, ticket: str) -> bool:
    """Add the person and go on. Returns whether they were no contact before."""
    before = {contact.id for contact in contacts.my_contacts(session, actor)}
    contact = contacts.add_by_ticket(session, actor, ticket)
    walkthrough.choose_contact(session, actor, contact.id)
    return contact.id not in before


def _matches_sentence(query: InmateQuery, facility: str, shown: int, *, has_more: bool, is_exact: bool) -> str:
    """A sentence with the number of matches, or a tip."""
    if not shown:
        return _no_match_sentence(query, facility)
    if has_more or shown == MAX_DEPTH:
        many = _("Many people match. Here are the {count} likeliest.").format(count=shown)
        more = (
            _("Add {what}.").format(what=_missing_details(query))
            if query.is_everywhere
            else _("Type more to narrow it down.")
        )
        return f"{many} {more}"
    if is_exact:
        return counted("One person matches.", "{count} people match, the likeliest first.", shown)
    maybe = counted("One possible match.", "{count} possible matches, the likeliest first.", shown)
    elsewhere = _("Not the person you are looking for? Choose Everywhere above.")
    return maybe if query.is_everywhere else f"{maybe} {elsewhere}"


def _no_match_sentence(query: InmateQuery, facility: str) -> str:
    tips = _("Try fewer letters, another spelling, or only the last name.")
    if not query.is_everywhere:
        return _("Nobody at {place} matches that.").format(place=facility) + f" {tips}"
    if query.state:
        return _("Nobody in {place} matches that.").format(place=states.name_of(query.state)) + f" {tips}"
    lately = _(
        "Facilities send us their lists from time to time, so somebody who has just been booked may not be on them yet."
    )
    nobody = _("Nobody on our lists matches that.")
    return f"{nobody} {tips} {lately}"


def _missing_details(query: InmateQuery) -> str:
    """The details that would narrow many matches: `a state, a first name, or the inmate number`."""
    query = inmates.sort_fields(query)
    names = (
        (query.first_name, _("a first name"), _("the whole first name")),
        (query.last_name, _("a last name"), _("the whole last name")),
    )
    missing = [] if query.state else [_("a state")]
    for typed, any_of_it, all_of_it in names:
        letters = len(typed.strip(" ."))
        if letters < 2:
            missing.append(all_of_it if letters else any_of_it)
    missing.append(_("more of the inmate number") if query.number.strip() else _("the inmate number"))
    return join_with_or(missing)
