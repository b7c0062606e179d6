"""Messaging: the inbox, one conversation, one message with its timeline."""

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.contacts import ContactView
from rxconnect.domain.messages import FoundMessageView, MessageView, ThreadView
from rxconnect.domain.topics import Subject, Topic
from rxconnect.i18n import _
from rxconnect.services.directory import contacts
from rxconnect.services.messages import drafts, messages, withdrawals
from rxconnect.services.review import appeals
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Text, family
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import read, write

_LETTERS_AT_A_TIME = 20


class InboxState(Screen, rx.State):
    """The conversations, unread first, and the search in all of them."""

    threads: list[ThreadView] = []
    drafts: int = 0
    text: str = ""
    found: list[FoundMessageView] = []
    has_searched: bool = False

    @family
    async def load(self, actor: Actor):
        """Load the conversations, and listen for changes."""
        listen(actor, Topic(Subject.THREADS, actor.account_id), InboxState.reload)
        self.has_searched = len(self.text.strip()) > 1
        self.threads, self.drafts, self.found = await read(_inbox_data, actor, self.text if self.has_searched else "")
        self.ready = True

    @family
    async def reload(self, actor: Actor):
        """Reload after a message came, or was decided or read elsewhere."""
        listen(actor, Topic(Subject.THREADS, actor.account_id), InboxState.reload)
        session = await self.get_state(SessionState)
        self.threads, session.unread = await read(_threads_and_unread, actor)

    @family
    async def search(self, caller: Caller, text: Text):
        """Search the account's messages while the user types. Fewer than two characters show the conversations."""
        self.text, self.has_searched, self.found = text, False, []
        if len(text.strip()) > 1:
            self.found = await caller.read(messages.search, text)
            self.has_searched = True


class ThreadState(Screen, rx.State):
    """All messages with one contact, the newest first, twenty at a time."""

    contact: ContactView | None = None
    messages: list[MessageView] = []
    has_older: bool = False
    _length: int = _LETTERS_AT_A_TIME

    @family
    async def load(self, caller: Caller):
        """Load the conversation, listen for changes, and mark its messages as read."""
        if self.contact and str(self.contact.id) != address.path_segment(self):
            self.reset()
            yield
        contact_id = address.id_in_path(self, "conversation")
        self.contact, letters = await caller.read(_conversation, contact_id, self._length + 1)
        self._show_messages(letters)
        self.ready = True
        session = await self.get_state(SessionState)
        if session.unread:
            session.unread = await write(_mark_thread_read, caller.actor, contact_id)
        # Last, so that marking as read does not make this page reload itself.
        listen(caller.actor, Topic(Subject.THREADS, caller.actor.account_id), ThreadState.refresh)

    @family
    async def refresh(self, actor: Actor):
        """Reload after a message of the account came, or was decided or handed over."""
        listen(actor, Topic(Subject.THREADS, actor.account_id), ThreadState.refresh)
        contact_id = address.id_in_path(self, "conversation")
        self._show_messages(await read(messages.thread, actor, contact_id, length=self._length + 1))
        (await self.get_state(SessionState)).unread = await read(messages.unread_count, actor)

    @family
    async def show_older(self, caller: Caller):
        """Show twenty more."""
        self._length += _LETTERS_AT_A_TIME
        contact_id = address.id_in_path(self, "conversation")
        self._show_messages(await caller.read(messages.thread, contact_id, length=self._length + 1))

    def _show_messages(self, letters: list[MessageView]) -> None:
        """Show the messages. The query reads one more than is shown, to learn whether there are older ones."""
        self.has_older = len(letters) > self._length
        self.messages = letters[::-1][: self._length]


class MessageState(Screen, rx.State):
    """One message and its timeline."""

    message: MessageView | None = None

    @family
    async def load(self, actor: Actor):
        """Load the message with the id in the address, and listen for changes."""
        if self.message and str(self.message.id) != address.path_segment(self):
            self.reset()
            yield
        message_id = address.id_in_path(self, "message")
        listen(actor, Topic(Subject.THREADS, actor.account_id), MessageState.refresh)
        self.message = await read(messages.get, actor, message_id)
        self.ready = True
        if self.message.is_unread:
            session = await self.get_state(SessionState)
            session.unread = await write(_mark_message_read, actor, message_id)

    @family
    async def refresh(self, actor: Actor):
        """Reload after the message was decided or handed over."""
        listen(actor, Topic(Subject.THREADS, actor.account_id), MessageState.refresh)
        self.message = await read(messages.get, actor, address.id_in_path(self, "message"))

    @family
    async def appeal(self, actor: Actor, form: dict[str, Text]):
        """Appeal the rejection, in the family's own words."""
        self.message = await write(appeals.appeal, actor, address.id_in_path(self, "message"), form.get("text", ""))
        session = await self.get_state(SessionState)
        session._show_notice(_("Your appeal was sent. We tell you by email what becomes of it."))

    @family
    async def write_again(self, actor: Actor):
        """Open the letter again as a draft."""
        draft_id = await write(drafts.write_again, actor, address.id_in_path(self, "message"))
        return rx.redirect(routes.fill(routes.COMPOSE, draft_id))

    @family
    async def withdraw(self, actor: Actor):
        """Withdraw a message before it is decided. Its credits return at once, and for ten seconds this can be undone."""
        self.message = await write(withdrawals.withdraw, actor, address.id_in_path(self, "message"))

    @family
    async def undo_withdrawal(self, actor: Actor):
        """Let the withdrawn message wait where it did."""
        self.message = await write(withdrawals.undo, actor, address.id_in_path(self, "message"))
        (await self.get_state(SessionState))._show_notice(_("Your message waits where it did before."))


def _inbox_data(session, actor: Actor, words: str) -> tuple[list[ThreadView], int, list[FoundMessageView]]:
    """The conversations, the number of drafts, and the messages that contain all of `words`."""
    found = messages.search(session, actor, words) if words else []
    return messages.threads(session, actor), len(drafts.my_drafts(session, actor)), found


def _conversation(session, actor: Actor, contact_id: int, length: int) -> tuple[ContactView, list[MessageView]]:
    return contacts.get_even_removed(session, actor, contact_id), messages.thread(
        session, actor, contact_id, length=length
    )


def _mark_thread_read(session, actor: Actor, contact_id: int) -> int:
    """Mark all messages from one contact as read. Returns the account's number of unread messages."""
    messages.mark_thread_read(session, actor, contact_id)
    return messages.unread_count(session, actor)


def _mark_message_read(session, actor: Actor, message_id: int) -> int:
    """Mark one message as read. Returns the account's number of unread messages."""
    messages.mark_read(session, actor, message_id)
    return messages.unread_count(session, actor)


def _threads_and_unread(session, actor: Actor) -> tuple[list[ThreadView], int]:
    return messages.threads(session, actor), messages.unread_count(session, actor)
