"""The lawyer's part of the profile: ask a facility to be verified, and see what became of it."""

from typing import ClassVar

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import Invalid
from rxconnect.domain.lawyers import LawyerView
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.problems import Problem
from rxconnect.i18n import _
from rxconnect.services.lawyers import requests
from rxconnect.state.guard import Text, family
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import read, write


class LawyerState(Screen, rx.State):
    """The account's requests and verifications, at all of its locations."""

    _loaded_by: ClassVar[str] = "ProfileState"
    requests: list[LawyerView] = []

    @family
    async def ask(self, actor: Actor, form: dict[str, Text]):
        """Ask one of my locations to verify me as a lawyer."""
        facility_id = whole_number(form.get("lawyer_facility", ""))
        if facility_id is None:
            raise Invalid(lawyer_facility=Problem.LOCATION_MISSING())
        await write(
            requests.ask,
            actor,
            facility_id,
            name=form.get("lawyer_name", ""),
            bar_number=form.get("bar_number", ""),
            bar_state=form.get("bar_state", ""),
        )
        self.requests = await read(requests.mine, actor)
        sentence = _("We asked the facility. You get an email when an administrator has answered.")
        (await self.get_state(SessionState))._show_notice(sentence)

    def _show(self, found: list[LawyerView]) -> None:
        """Show the requests on a loaded profile page."""
        self.requests, self.ready = found, True
