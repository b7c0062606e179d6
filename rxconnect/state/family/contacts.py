"""Contacts: the people the account may write to, and the page shown after one was added."""

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.contacts import ContactView
from rxconnect.i18n import _
from rxconnect.services.directory import contacts
from rxconnect.services.messages import drafts, walkthrough
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, family
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import read, write


class ContactsState(Screen, rx.State):
    """The account's contacts."""

    contacts: list[ContactView] = []

    @family
    async def load(self, caller: Caller):
        """Load the contacts."""
        self.contacts = await caller.read(contacts.my_contacts)
        self.ready = True

    @family
    async def write_to(self, actor: Actor, contact_id: Id):
        """Start a draft to this contact."""
        draft_id = await write(drafts.get_or_create_empty, actor, contact_id)
        return rx.redirect(routes.fill(routes.COMPOSE, draft_id))

    @family
    async def remove(self, actor: Actor, contact_id: Id):
        """Remove a contact. The conversation is kept."""
        await write(contacts.remove, actor, contact_id)
        self.contacts = await read(contacts.my_contacts, actor)
        session = await self.get_state(SessionState)
        session._show_notice(_("The contact was removed. Your conversation is kept in the inbox."))


class FoundState(Screen, rx.State):
    """The person who was just added, and the two ways on: GO TO INBOX and BUY CREDITS."""

    contact: ContactView | None = None

    @family
    async def load(self, caller: Caller):
        """Load the contact of the walkthrough's current step."""
        self.contact = await caller.read(_walkthrough_contact)
        if self.contact is None:
            return rx.redirect(routes.FIND_FACILITY, replace=True)
        self.ready = True
        return None


def _walkthrough_contact(session, actor: Actor) -> ContactView | None:
    contact_id = walkthrough.get(session, actor).contact_id
    return None if contact_id is None else contacts.get(session, actor, contact_id)
