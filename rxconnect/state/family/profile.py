"""The profile: name, email, sign-ins and locations."""

import dataclasses

import reflex as rx

from rxconnect.domain.accounts import Actor, SignInView
from rxconnect.domain.email_changes import EmailChangeView
from rxconnect.domain.facilities import FacilityView
from rxconnect.domain.lawyers import LawyerView
from rxconnect.i18n import _
from rxconnect.services.accounts import accounts, email_changes, sign_in_views
from rxconnect.services.directory import facilities
from rxconnect.services.lawyers import requests
from rxconnect.services.notices import dead_addresses
from rxconnect.state.caller import Caller
from rxconnect.state.family.facilities import LocationsState
from rxconnect.state.family.lawyers import LawyerState
from rxconnect.state.guard import Id, Text, family
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import read, write


class ProfileState(Screen, rx.State):
    """The account's own data."""

    name: str = ""
    email: str = ""
    is_verified: bool = True
    link_was_sent: bool = False
    sign_ins: list[SignInView] = []
    # Whether emails to the address come back.
    comes_back: bool = False
    email_change: EmailChangeView | None = None

    @family
    async def load(self, caller: Caller):
        """Load the name, email, sign-ins and locations."""
        self.sign_ins, locations, lawyer, self.comes_back, self.email_change = await caller.read(_page_data)
        actor = caller.actor
        self.name, self.email, self.is_verified = actor.name, actor.email, actor.email_verified
        self.link_was_sent = False
        (await self.get_state(LocationsState))._show_locations(locations)
        (await self.get_state(LawyerState))._show(lawyer)
        self.ready = True

    @family
    async def change_name(self, actor: Actor, form: dict[str, Text]):
        """Change the account's name. Messages sent from now on carry it."""
        self.name = form.get("name", "")
        self.name = await write(accounts.rename, actor, self.name)
        session = await self.get_state(SessionState)
        session._show_account(dataclasses.replace(actor, name=self.name))
        session._show_notice(_("Your name was saved."))

    @family
    async def end_sign_in(self, actor: Actor, sign_in_id: Id):
        """End one of the account's sign-ins."""
        await write(sign_in_views.end_sign_in, actor, sign_in_id)
        self.sign_ins = await read(sign_in_views.my_sign_ins, actor)
        (await self.get_state(SessionState))._show_notice(_("That browser was signed out."))

    @family
    async def cancel_email_change(self, actor: Actor):
        """End the change of the address that waits to be confirmed."""
        await write(email_changes.cancel, actor)
        self.email_change = None
        (await self.get_state(SessionState))._show_notice(_("The change is stopped, and your address stays as it was."))

    @family
    async def resend_verification_email(self, actor: Actor):
        """Send another email to confirm the address."""
        await write(accounts.resend_verification, actor)
        self.link_was_sent = True


def _page_data(
    session, actor: Actor
) -> tuple[list[SignInView], list[FacilityView], list[LawyerView], bool, EmailChangeView | None]:
    return (
        sign_in_views.my_sign_ins(session, actor),
        facilities.my_locations(session, actor),
        requests.mine(session, actor),
        dead_addresses.is_dead(session, actor.email),
        email_changes.pending(session, actor),
    )
