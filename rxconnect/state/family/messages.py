"""Messaging: the inbox, one conversation, one letter with what happened to it."""

import reflex as rx

from rxconnect.domain.accounts import Actor
from rxconnect.domain.contacts import ContactView
from rxconnect.domain.messages import FoundMessageView, MessageView, ThreadView
from rxconnect.domain.topics import Subject, Topic
from rxconnect.i18n import _
from rxconnect.services.directory import contacts
from rxconnect.services.messages import drafts, messages
from rxconnect.state import address
from rxconnect.state.guard import Text, family, read, write
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen, SessionState

_LETTERS_AT_A_TIME = 20


class InboxState(Screen, rx.State):
    """Conversations, unread first, and the search in all of them."""

    threads: list[ThreadView] = []
    drafts: int = 0
    text: str = ""
    found: list[FoundMessageView] = []
    has_searched: bool = False

    @family
    async def load(self, actor: Actor):
        """All conversations, which this page follows from now on."""
        listen(actor, Topic(Subject.THREADS, actor.account_id), InboxState.look)
        self.threads = await read(messages.threads, actor)
        self.drafts = len(await read(drafts.my_drafts, actor))
        await self._search(actor)
        self.ready = True

    @family
    async def look(self, actor: Actor):
        """A message has come, or was decided or read elsewhere."""
        listen(actor, Topic(Subject.THREADS, actor.account_id), InboxState.look)
        session = await self.get_state(SessionState)
        self.threads, session.unread = await read(_threads, actor)

    @family
    async def search(self, actor: Actor, text: Text):
        """Search in one's own letters, as it is typed."""
        self.text = text
        await self._search(actor)

    async def _search(self, actor: Actor) -> None:
        """Look for the words as they stand; none, or one letter, shows the conversations."""
        self.has_searched, self.found = False, []
        if len(self.text.strip()) > 1:
            self.found = await read(messages.search, actor, self.text)
            self.has_searched = True


class ThreadState(Screen, rx.State):
    """All letters with one contact, the newest first, twenty at a time."""

    contact: ContactView | None = None
    messages: list[MessageView] = []
    has_older: bool = False
    _length: int = _LETTERS_AT_A_TIME

    @family
    async def load(self, actor: Actor):
        """The conversation; seeing it marks its letters as read."""
        if self.contact and str(self.contact.id) != address.part(self):
            self.reset()
            yield
        contact_id = address.id_in_path(self, "conversation")
        self.contact = await read(contacts.known, actor, contact_id)
        await self._show(actor, contact_id)
        self.ready = True
        await write(messages.mark_thread_read, actor, contact_id)
        session = await self.get_state(SessionState)
        session.unread = await read(messages.unread_count, actor)

    @family
    async def older(self, actor: Actor):
        """Twenty more."""
        self._length += _LETTERS_AT_A_TIME
        await self._show(actor, address.id_in_path(self, "conversation"))

    async def _show(self, actor: Actor, contact_id: int) -> None:
        """One letter more than is shown tells whether there are older ones."""
        letters = await read(messages.thread, actor, contact_id, length=self._length + 1)
        self.has_older = len(letters) > self._length
        self.messages = letters[::-1][: self._length]


class MessageState(Screen, rx.State):
    """One letter and its timeline."""

    message: MessageView | None = None

    @family
    async def load(self, actor: Actor):
        """The letter with the id in the address."""
        if self.message and str(self.message.id) != address.part(self):
            self.reset()
            yield
        message_id = address.id_in_path(self, "message")
        self.message = await read(messages.get, actor, message_id)
        self.ready = True
        if self.message.is_unread:
            await write(messages.mark_read, actor, message_id)
            session = await self.get_state(SessionState)
            session.unread = await read(messages.unread_count, actor)

    @family
    async def withdraw(self, actor: Actor):
        """Take a letter back before it is decided; its credits return at once."""
        self.message = await write(messages.withdraw, actor, address.id_in_path(self, "message"))
        session = await self.get_state(SessionState)
        session._say(_("The message was withdrawn and your credits were returned."))


def _threads(session, actor: Actor) -> tuple[list[ThreadView], int]:
    return messages.threads(session, actor), messages.unread_count(session, actor)
