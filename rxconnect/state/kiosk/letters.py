"""Letters at the kiosk: the inbox, a conversation, and one letter."""

from dataclasses import replace

import reflex as rx

from rxconnect import live, routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.inside import InsideConversation, InsideHome, InsideLetter
from rxconnect.domain.topics import Subject, Topic
from rxconnect.i18n import _
from rxconnect.services.inside import letters, prints, replies
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, kiosk
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import read, write

_AT_A_TIME = 20


class InsideState(Screen, rx.State):
    """The conversations, and what waits beside them."""

    home: InsideHome | None = None

    @kiosk
    async def load(self, caller: Caller):
        """Load the conversations, and listen for new letters."""
        began = live.mark()
        self.home = await caller.read(letters.home)
        listen(caller.actor, _topic(caller.actor), InsideState.refresh, began)
        self.ready = True

    @kiosk
    async def refresh(self, actor: Actor):
        """Reload after a letter came, or a reply was decided."""
        listen(actor, _topic(actor), InsideState.refresh)
        self.home = await read(letters.home, actor)


class ConversationState(Screen, rx.State):
    """All letters and replies with one person, the newest first, twenty at a time."""

    thread: InsideConversation | None = None
    _length: int = _AT_A_TIME

    @kiosk
    async def load(self, actor: Actor):
        """Load the conversation, and listen for new letters."""
        if self.thread and str(self.thread.contact_id) != address.path_segment(self, 3):
            self.reset()
            yield
        listen(actor, _topic(actor), ConversationState.refresh)
        await self._show(actor)
        self.ready = True

    @kiosk
    async def refresh(self, actor: Actor):
        """Reload after a letter came, or a reply was decided."""
        listen(actor, _topic(actor), ConversationState.refresh)
        await self._show(actor)

    @kiosk
    async def show_older(self, actor: Actor):
        """Show twenty more."""
        self._length += _AT_A_TIME
        await self._show(actor)

    @kiosk
    async def reply(self, actor: Actor):
        """Begin a reply, or go on with the empty one."""
        draft_id = await write(replies.start, actor, address.id_in_path(self, "contact", 3))
        return rx.redirect(routes.fill(routes.KIOSK_REPLY, draft_id), replace=True)

    async def _show(self, actor: Actor) -> None:
        contact_id = address.id_in_path(self, "contact", 3)
        thread = await read(letters.thread, actor, contact_id, length=self._length)
        self.thread = replace(thread, messages=thread.messages[::-1])


class LetterState(Screen, rx.State):
    """One letter, which counts as opened from then on, or one reply."""

    letter: InsideLetter | None = None

    @kiosk
    async def load(self, caller: Caller):
        """Open the letter with the id in the address."""
        if self.letter and str(self.letter.message.id) != address.path_segment(self, 3):
            self.reset()
            yield
        self.letter = await caller.write(letters.open_letter, address.id_in_path(self, "message", 3))
        self.ready = True
        listen(caller.actor, _topic(caller.actor), LetterState.refresh)

    @kiosk
    async def refresh(self, actor: Actor):
        """Reload after a reply was decided, or a wish to print came true."""
        listen(actor, _topic(actor), LetterState.refresh)
        self.letter = await read(letters.get, actor, address.id_in_path(self, "message", 3))

    @kiosk
    async def ask_for_print(self, actor: Actor):
        """Ask for the letter on paper."""
        message_id = address.id_in_path(self, "message", 3)
        await write(prints.ask, actor, message_id)
        self.letter = await read(letters.get, actor, message_id)
        (await self.get_state(SessionState))._show_notice(_("You get it on paper with the next letters."))

    @kiosk
    async def reply(self, actor: Actor, contact_id: Id):
        """Begin a reply, or go on with the empty one."""
        draft_id = await write(replies.start, actor, contact_id)
        return rx.redirect(routes.fill(routes.KIOSK_REPLY, draft_id), replace=True)


def _topic(actor: Actor) -> Topic:
    return Topic(Subject.INSIDE, actor.inmate_id)
