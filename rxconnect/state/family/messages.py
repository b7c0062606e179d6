"""Messaging: the inbox, one conversation, one message with its timeline."""

from dataclasses import replace
from datetime import datetime

import reflex as rx

from rxconnect import live, routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.contacts import ContactView
from rxconnect.domain.errors import Invalid
from rxconnect.domain.message_search import FoundMessages, MessageFilter
from rxconnect.domain.messages import MessageView, MonthView, ThreadView
from rxconnect.domain.removals import RemovalKind, RemovalView
from rxconnect.domain.topics import Subject, Topic
from rxconnect.i18n import _, counted
from rxconnect.services.dashboard import letter_lines
from rxconnect.services.directory import contacts
from rxconnect.services.messages import drafts, messages, withdrawals
from rxconnect.services.removals import removals
from rxconnect.services.review import appeals
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Text, family, undoable, while_typing
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import read, write

_LETTERS_AT_A_TIME = 20
# So many of the newest letters show as a whole, and all that are unread. Of older ones the first line shows.
_UNFOLDED = 4


class InboxState(Screen, rx.State):
    """The conversations, unread first, and the search in all of them."""

    threads: list[ThreadView] = []
    drafts: int = 0
    text: str = ""
    which: MessageFilter = MessageFilter.ALL
    found: FoundMessages = FoundMessages()
    has_searched: bool = False
    # The number of messages found, for everybody, and for a screen reader when it changes.
    summary: str = ""

    @family
    async def load(self, caller: Caller):
        """Load the conversations, and listen for changes."""
        began = live.mark()
        self.threads, self.drafts, found = await caller.read(_inbox_data, self.text, self.which)
        listen(caller.actor, Topic(Subject.THREADS, caller.actor.account_id), InboxState.reload, began)
        self._show_found(found)
        self.ready = True

    @family
    async def reload(self, actor: Actor):
        """Reload after a message came, or was decided or read elsewhere."""
        listen(actor, Topic(Subject.THREADS, actor.account_id), InboxState.reload)
        session = await self.get_state(SessionState)
        self.threads, session.unread, found = await read(_changed_inbox, actor, self.text, self.which)
        self._show_found(found)

    @family
    @while_typing
    async def search(self, caller: Caller, text: Text):
        """Search the account's messages while the user types. Fewer than two characters show the conversations."""
        if self._update_field("text", text):
            # What was found for an earlier text does not stand beside a refusal of this one.
            self._show_found(None)
            self._show_found(await caller.read(messages.search, text, self.which))

    @family
    async def choose_filter(self, caller: Caller, which: MessageFilter):
        """Show only unread messages, only those in review, only those that were not delivered, or all."""
        self.which = which
        self._show_found(await caller.read(messages.search, self.text, which))

    def _show_found(self, found: FoundMessages | None) -> None:
        """Show what was found; None if the text was refused."""
        self.found, self.has_searched = found or FoundMessages(), messages.is_search(self.text, self.which)
        self.summary = _count_sentence(found) if found and self.has_searched else ""


class ThreadState(Screen, rx.State):
    """All messages with one contact, the newest first, twenty at a time. `month` is the one to jump to; "" begins at the end."""

    contact: ContactView | None = None
    messages: list[MessageView] = []
    has_older: bool = False
    months: list[MonthView] = []
    month: str = ""
    _before: datetime | None = None
    _length: int = _LETTERS_AT_A_TIME

    @family
    async def load(self, caller: Caller):
        """Load the conversation, listen for changes, and mark its messages as read."""
        if self.contact and str(self.contact.id) != address.path_segment(self):
            self.reset()
            yield
        contact_id = address.id_in_path(self, "conversation")
        self.contact, self.months, letters = await caller.read(
            _conversation, contact_id, self._length + 1, self._before
        )
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
        self._show_messages(
            await read(messages.thread, actor, contact_id, length=self._length + 1, before=self._before)
        )
        (await self.get_state(SessionState)).unread = await read(messages.unread_count, actor)

    @family
    async def add_again(self, actor: Actor):
        """Make the removed contact one again, so that the family can write."""
        self.contact = await write(contacts.add_again, actor, address.id_in_path(self, "conversation"))
        notice = _("{name} is one of your contacts again.").format(name=self.contact.name)
        (await self.get_state(SessionState))._show_notice(notice)
        return rx.set_focus("page-title")

    @family
    async def show_older(self, caller: Caller):
        """Show twenty more."""
        self._length += _LETTERS_AT_A_TIME
        await self._reload_messages(caller)

    @family
    async def jump(self, caller: Caller, month: Text):
        """Begin at the last letter of a month (`2026-03`), or of all."""
        contact_id = address.id_in_path(self, "conversation")
        self._before = await caller.read(letter_lines.end_of_month, contact_id, month)
        self.month, self._length = month if self._before else "", _LETTERS_AT_A_TIME
        await self._reload_messages(caller)

    async def _reload_messages(self, caller: Caller) -> None:
        contact_id = address.id_in_path(self, "conversation")
        self._show_messages(
            await caller.read(messages.thread, contact_id, length=self._length + 1, before=self._before)
        )

    def _show_messages(self, letters: list[MessageView]) -> None:
        """Show the messages. The query reads one more than is shown, to learn whether there are older ones."""
        self.has_older = len(letters) > self._length
        self.messages = _by_day(letters[::-1][: self._length])


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
    @undoable(RemovalKind.MESSAGE)
    async def withdraw(self, actor: Actor):
        """Withdraw a message before it is decided. Its credits return at once."""
        self.message, removal = await write(_withdraw, actor, address.id_in_path(self, "message"))
        (await self.get_state(SessionState))._show_removal(removal)


def _inbox_data(
    session, actor: Actor, text: str, which: MessageFilter
) -> tuple[list[ThreadView], int, FoundMessages | None]:
    """The conversations, the number of drafts, and what the search finds."""
    found = _found(session, actor, text, which)
    return messages.threads(session, actor), len(drafts.my_drafts(session, actor)), found


def _changed_inbox(
    session, actor: Actor, text: str, which: MessageFilter
) -> tuple[list[ThreadView], int, FoundMessages | None]:
    """The conversations, the number of unread messages, and what the search finds."""
    found = _found(session, actor, text, which)
    return messages.threads(session, actor), messages.unread_count(session, actor), found


def _found(session, actor: Actor, text: str, which: MessageFilter) -> FoundMessages | None:
    """What the search finds; None for a text that was refused while it was typed, as the page loads all the same."""
    try:
        return messages.search(session, actor, text, which)
    except Invalid:
        return None


def _count_sentence(found: FoundMessages) -> str:
    if found.count > found.shown:
        return _("{count} messages found. Here are the newest {shown}.").format(
            count=f"{found.count:,}", shown=found.shown
        )
    if not found.count:
        return _("No message found.")
    return counted("{count} message found.", "{count} messages found.", found.count)


def _conversation(
    session, actor: Actor, contact_id: int, length: int, before: datetime | None
) -> tuple[ContactView, list[MonthView], list[MessageView]]:
    contact = contacts.get_even_removed(session, actor, contact_id)
    months = letter_lines.months(session, actor, contact_id)
    return contact, months, messages.thread(session, actor, contact_id, length=length, before=before)


def _by_day(letters: list[MessageView]) -> list[MessageView]:
    """The letters, of which the first of each day has the day, and older ones are folded."""
    days = ["", *(letter.day for letter in letters)]
    return [
        replace(
            letter, day=letter.day if letter.day != above else "", is_folded=place >= _UNFOLDED and not letter.is_unread
        )
        for place, (letter, above) in enumerate(zip(letters, days, strict=False))
    ]


def _withdraw(session, actor: Actor, message_id: int) -> tuple[MessageView, RemovalView]:
    removal = removals.once(session, actor, RemovalKind.MESSAGE, message_id, _withdraw_undoably)
    return messages.get(session, actor, message_id), removal


def _withdraw_undoably(session, actor: Actor, message_id: int) -> RemovalView:
    withdrawals.withdraw(session, actor, message_id)
    return removals.add(session, actor, RemovalKind.MESSAGE, message_id)


def _mark_thread_read(session, actor: Actor, contact_id: int) -> int:
    """Mark all messages from one contact as read. Returns the account's number of unread messages."""
    messages.mark_thread_read(session, actor, contact_id)
    return messages.unread_count(session, actor)


def _mark_message_read(session, actor: Actor, message_id: int) -> int:
    """Mark one message as read. Returns the account's number of unread messages."""
    messages.mark_read(session, actor, message_id)
    return messages.unread_count(session, actor)
