"""Messaging: the inbox, one conversation, one letter with what happened to it."""

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.contacts import ContactView
from rxconnect.domain.messages import FoundMessageView, MessageView, ThreadView
from rxconnect.services import contacts, drafts, messages
from rxconnect.state import address
from rxconnect.state.guard import Text, family, read, write
from rxconnect.state.session import Screen, SessionState


class InboxState(Screen, rx.State):
    """Conversations, unread first, and the search in all of them."""

    threads: list[ThreadView] = []
    drafts: int = 0
    text: str = ""
    found: list[FoundMessageView] = []
    has_searched: bool = False

    @family
    async def load(self, actor: Actor):
        """All conversations."""
        self.text, self.found, self.has_searched = "", [], False
        self.threads = await read(messages.threads, actor)
        self.drafts = len(await read(drafts.my_drafts, actor))
        self.ready = True

    @family
    async def search(self, actor: Actor, text: Text):
        """Search in one's own letters, as it is typed."""
        self.text = text
        self.has_searched = len(text.strip()) > 1
        self.found = await read(messages.search, actor, text) if self.has_searched else []


class ThreadState(Screen, rx.State):
    """All letters with one contact, the newest last."""

    contact: ContactView | None = None
    messages: list[MessageView] = []

    @family
    async def load(self, actor: Actor):
        """The conversation; seeing it marks its letters as read."""
        contact_id = address.id_in_path(self, "conversation")
        if self.contact and self.contact.id != contact_id:
            self.ready = False
            yield
        self.contact = await read(contacts.known, actor, contact_id)
        self.messages = await read(messages.thread, actor, contact_id)
        self.ready = True
        await write(_mark_all_read, actor, [message.id for message in self.messages if message.is_unread])
        session = await self.get_state(SessionState)
        session.unread = await read(messages.unread_count, actor)


class MessageState(Screen, rx.State):
    """One letter and its timeline."""

    message: MessageView | None = None

    @family
    async def load(self, actor: Actor):
        """The letter with the id in the address."""
        message_id = address.id_in_path(self, "letter")
        if self.message and self.message.id != message_id:
            self.ready = False
            yield
        self.message = await read(messages.get, actor, message_id)
        self.ready = True
        if self.message.is_unread:
            await write(messages.mark_read, actor, message_id)
            session = await self.get_state(SessionState)
            session.unread = await read(messages.unread_count, actor)

    @family
    async def withdraw(self, actor: Actor):
        """Take a letter back before it is decided; its credits return at once."""
        self.message = await write(messages.withdraw, actor, address.id_in_path(self, "letter"))
        session = await self.get_state(SessionState)
        session._say("The letter was withdrawn and your credits were returned.")


def _mark_all_read(session, actor: Actor, message_ids: list[int]) -> None:
    for message_id in message_ids:
        messages.mark_read(session, actor, message_id)
