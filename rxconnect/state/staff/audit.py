"""The audit: who did what at a facility, and when."""

import dataclasses
from urllib.parse import urlencode

import reflex as rx

from rxconnect import routes
from rxconnect.domain.audit import AuditSearch, AuditView
from rxconnect.domain.errors import Invalid, NotAllowed
from rxconnect.domain.problems import Problem
from rxconnect.services.audit import searches
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Text, staff
from rxconnect.state.session import Screen


class AuditState(Screen, rx.State):
    """The rows of a facility's chain that fit a search. `export` is the address of the same rows as CSV."""

    view: AuditView | None = None
    is_refused: bool = False
    export: str = ""
    _search: AuditSearch = AuditSearch()

    @staff
    async def load(self, caller: Caller):
        """Load the newest rows of the facility in the address, or of the first one."""
        self.is_refused = False
        try:
            await self._show(caller, address.id_in_query(self, "facility", "facility"), AuditSearch())
        except NotAllowed:
            self.view, self.is_refused = None, True
        self.ready = True

    @staff
    async def find(self, caller: Caller, form: dict[str, Text]):
        """Show only what fits the form."""
        fields = {name: form.get(name, "").strip() for name in ("person", "kind", "day", "letter")}
        wanted = AuditSearch.parse(**fields)
        if fields["letter"] and not wanted.message_id:
            raise Invalid(letter=Problem.LETTER_NUMBER_UNREADABLE())
        await self._show(caller, self.view.facility_id if self.view else None, wanted)

    @staff
    async def more(self, caller: Caller):
        """Show the rows before those on the page."""
        shown = self.view
        if shown and shown.next:
            page = await caller.write(searches.page, shown.facility_id, self._search, shown.next)
            self.view = dataclasses.replace(page, lines=[*shown.lines, *page.lines])

    async def _show(self, caller: Caller, facility_id: int | None, wanted: AuditSearch) -> None:
        self.view, self._search = await caller.write(searches.page, facility_id, wanted), wanted
        query = urlencode({"facility": self.view.facility_id, **wanted.fields})
        self.export = routes.with_raw_query(routes.AUDIT_CSV, query)
