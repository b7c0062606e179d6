"""Contacts: the people the account may write to, and the page shown after one was added."""

from dataclasses import replace

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.contacts import ContactView
from rxconnect.domain.errors import NotFound
from rxconnect.domain.removals import RemovalKind
from rxconnect.i18n import _
from rxconnect.services.dashboard import walkthrough
from rxconnect.services.directory import contacts
from rxconnect.services.messages import drafts
from rxconnect.services.removals import removals
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, family, undoable
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
    async def mark_favourite(self, actor: Actor, contact_id: Id, is_favourite: bool):
        """Show a contact first from the next time on, or among the others. The lines stay, so a second press meets the same one."""
        await write(contacts.mark_favourite, actor, contact_id, is_favourite=is_favourite)
        self.contacts = [
            replace(one, is_favourite=is_favourite) if one.id == contact_id else one for one in self.contacts
        ]

    @family
    @undoable(RemovalKind.CONTACT)
    async def remove(self, actor: Actor, contact_id: Id):
        """Remove a contact. The conversation is kept."""
        removal = await write(removals.once, actor, RemovalKind.CONTACT, contact_id, contacts.remove)
        self.contacts = await read(contacts.my_contacts, actor)
        (await self.get_state(SessionState))._show_removal(removal)


class FoundState(Screen, rx.State):
    """The person who was just added, and the two ways on: GO TO INBOX and BUY CREDITS."""

    contact: ContactView | None = None
    # Whether the press before this page has made them a contact, which can be taken back here.
    is_new: bool = False

    @family
    async def load(self, caller: Caller):
        """Load the contact of the walkthrough's current step."""
        self.contact = await caller.read(_walkthrough_contact)
        if self.contact is None:
            return rx.redirect(routes.FIND_FACILITY, replace=True)
        self.ready = True
        return None

    @family
    async def take_back(self, actor: Actor):
        """Take the person who was just added off the contacts, and go back to the search."""
        if self.contact is None or not self.is_new:
            raise NotFound("contact")
        await write(contacts.remove, actor, self.contact.id)
        session = await self.get_state(SessionState)
        session._show_notice(
            _("{name} is no longer among your contacts.").format(name=self.contact.name), on_next_page=True
        )
        return rx.redirect(routes.FIND_INMATE)


def _walkthrough_contact(session, actor: Actor) -> ContactView | None:
    contact_id = walkthrough.get(session, actor).contact_id
    return None if contact_id is None else contacts.get(session, actor, contact_id)
