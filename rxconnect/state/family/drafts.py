"""Compose: a draft that saves itself, and the page on which the user checks and sends it."""

from typing import ClassVar

import reflex as rx

from rxconnect import routes, world
from rxconnect.domain import beginnings, money, terms
from rxconnect.domain.accounts import Actor
from rxconnect.domain.beginnings import Beginning
from rxconnect.domain.contacts import ContactView
from rxconnect.domain.drafts import DraftLine, DraftView, Figures
from rxconnect.domain.errors import Invalid, NotFound, RxConnectError
from rxconnect.domain.removals import RemovalKind
from rxconnect.domain.rules import LetterCheck
from rxconnect.i18n import _, counted, number_text
from rxconnect.services.dashboard import walkthrough
from rxconnect.services.directory import contacts
from rxconnect.services.messages import drafts, messages
from rxconnect.services.removals import removals
from rxconnect.services.screening import checks, submissions
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, LongText, family, undoable, while_typing
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import read, write

# What the address of a new draft may name, and what each is called when there is no such thing.
_IN_ADDRESS = (("contact", "contact"), ("answers", "message"))


class DraftsState(Screen, rx.State):
    """Messages that are not sent yet."""

    drafts: list[DraftLine] = []

    @family
    async def load(self, caller: Caller):
        """Load the account's drafts, the last edited first."""
        self.drafts = await caller.read(drafts.my_drafts)
        self.ready = True

    @family
    @undoable(RemovalKind.DRAFT)
    async def discard(self, actor: Actor, draft_id: Id):
        """Delete a draft."""
        removal = await write(removals.once, actor, RemovalKind.DRAFT, draft_id, drafts.discard)
        self.drafts = await read(drafts.my_drafts, actor)
        (await self.get_state(SessionState))._show_removal(removal)


class ComposeState(Screen, rx.State):
    """One draft. The browser autosaves it and shows the answers by itself (`components/message_form.js`)."""

    _problem_place: ClassVar[str] = "page-title"
    draft: DraftView | None = None
    beginnings: list[Beginning] = []
    contacts: list[ContactView] = []
    figures: Figures = Figures()
    draft_id: str = ""
    # The draft no longer exists: it was sent as this message, or it was discarded elsewhere.
    message_id: int = 0
    is_discarded: bool = False

    @family
    async def start_draft(self, caller: Caller):
        """Start a draft when the address names none. The address may name the contact, and the letter that it answers."""
        if world.is_dry_run():
            # There would be no such draft to show.
            return rx.redirect(routes.DRAFTS, replace=True)
        contact_id, answers_id = (address.id_in_query(self, name, what) for name, what in _IN_ADDRESS)
        draft_id = await caller.write(drafts.get_or_create_empty, contact_id, answers_id=answers_id)
        return rx.redirect(routes.fill(routes.COMPOSE, draft_id), replace=True)

    @family
    async def load(self, caller: Caller):
        """Load the draft and the contacts it may go to."""
        if self.draft_id != address.path_segment(self):
            self.reset()
            yield
        self.draft_id = address.path_segment(self)
        self.contacts, found = await caller.read(_contacts_and_draft, self._draft_id())
        self._assign(*found)
        if self.draft and self.draft.answered:
            # The letter is in view, and it is clear to whom the answer goes. A form that appears focuses the message by itself.
            caller.arrival_event = rx.set_focus("body") if caller.arrival_event and self.ready else None
        self.ready = True

    @family
    @while_typing
    async def reload(self, caller: Caller):
        """Reload the draft, which another tab or device may have changed."""
        await self._show_current_draft(caller)

    @family
    @while_typing
    async def pay_for_answer(self, actor: Actor, pays: bool):
        """Pay for the answer too, or not. The cost changes with it."""
        draft_id = self._draft_id()
        await write(drafts.pay_for_answer, actor, draft_id, pays=pays)
        self._assign(*await read(_draft_or_message, actor, draft_id))

    @family
    async def check_and_preview(self, caller: Caller):
        """CONTINUE: check the saved draft, then show it as the reader will see it."""
        try:
            await caller.read(drafts.check_and_preview, self._draft_id())
        except RxConnectError:
            # Show the problems beside the current draft, unless it no longer exists.
            if await self._show_current_draft(caller):
                raise
            return None
        await self._reset_screen(SendState)
        return rx.redirect(routes.fill(routes.SEND, self._draft_id()))

    @family
    async def start_draft_with_text(self, actor: Actor, subject: LongText, body: LongText):
        """Start a new draft with text typed after the old draft was sent or discarded elsewhere."""
        return rx.redirect(routes.fill(routes.COMPOSE, await write(_start_draft_with_text, actor, subject, body)))

    async def _show_current_draft(self, caller: Caller) -> bool:
        """Show the current draft. Returns False when it no longer exists."""
        return self._assign(*await caller.read(_draft_or_message, self._draft_id()))

    def _assign(self, draft: DraftView | None, message_id: int) -> bool:
        if draft is None:
            self.message_id, self.is_discarded = message_id, self.draft is not None and not message_id
            if not (self.message_id or self.is_discarded):
                raise NotFound("draft")
            return False
        # A draft that was discarded elsewhere may have come back.
        self.message_id, self.is_discarded = 0, False
        if self.draft and draft.version != self.draft.version:
            # The earlier problems are about text that has changed.
            self.problem, self.problems = "", {}
        self.draft, self.figures = draft, length_and_cost(draft)
        self.beginnings = [] if draft.is_privileged else beginnings.of(draft.contact_first_name)
        return True

    def _draft_id(self) -> int:
        return address.id_in_path(self, "draft")


class SendState(Screen, rx.State):
    """The message as the reader will see it, the Terms and Conditions, and SEND."""

    _problem_place: ClassVar[str] = "page-title"
    draft: DraftView | None = None
    # What the facility's published rules are likely to find.
    check: LetterCheck | None = None
    accepts: bool = False
    cost: str = ""
    after: str = ""

    @family
    async def load(self, caller: Caller):
        """Load the checked draft. An incomplete draft leads back to compose, a sent one to its message."""
        self.reset()
        draft_id = address.id_in_path(self, "draft")
        try:
            self.draft, self.check, sent = await caller.read(_checked_draft_or_message, draft_id)
        except Invalid:
            return rx.redirect(routes.fill(routes.COMPOSE, draft_id), replace=True)
        if self.draft is None:
            return rx.redirect(routes.fill(routes.MESSAGE, sent), replace=True)
        self.cost = money.credits(self.draft.cost)
        self.after = money.credits(self.draft.credits_before - self.draft.cost)
        self.ready = True
        return None

    @family
    async def accept_terms(self, _actor: Actor, accepts: bool):
        """Accept the Terms and Conditions, or not."""
        self.accepts = accepts

    @family
    async def send(self, actor: Actor):
        """SEND: send once, however often the button is pressed."""
        draft_id = address.id_in_path(self, "draft")
        # If the page calls it privileged, it is sent so or not at all.
        was_privileged = self.draft is not None and self.draft.is_privileged
        message_id = await write(_send, actor, draft_id, terms.VERSION if self.accepts else "", was_privileged)
        self.accepts = False
        return rx.redirect(routes.fill(routes.MESSAGE, message_id), replace=True)


def length_and_cost(draft: DraftView) -> Figures:
    """A draft's length and cost as sentences, for its State and for the autosave's answer (`api/drafts.py`)."""
    if draft.contact_id is None:
        left = counted("{count} character", "{count} characters", draft.characters)
        return Figures(left, cost=_("Choose a contact"), credits_after=_("then you see what it costs"))
    over = draft.characters - draft.character_limit
    left = (
        _("{count} over the limit").format(count=number_text(over))
        if over > 0
        else _("{count} of {limit} characters left").format(
            count=number_text(-over), limit=number_text(draft.character_limit)
        )
    )
    now, after = draft.credits_before, draft.credits_before - draft.cost
    credits_after = (
        _("{before} now, {after} after sending").format(before=now, after=after)
        if after >= 0
        else _("you have {count}").format(count=now)
    )
    return Figures(left, is_over=over > 0, cost=money.credits(draft.cost), credits_after=credits_after)


def _contacts_and_draft(session, actor: Actor, draft_id: int) -> tuple[list[ContactView], tuple[DraftView | None, int]]:
    return contacts.my_contacts(session, actor), _draft_or_message(session, actor, draft_id)


def _draft_or_message(session, actor: Actor, draft_id: int) -> tuple[DraftView | None, int]:
    """The current draft and 0, or None and the id of the message it was sent as (0 if it was not sent)."""
    try:
        return drafts.get(session, actor, draft_id), 0
    except NotFound:
        return None, messages.sent_message_id(session, actor, draft_id) or 0


def _checked_draft_or_message(session, actor: Actor, draft_id: int) -> tuple[DraftView | None, LetterCheck | None, int]:
    """The draft, what published rules find in it, and 0; or None twice, and the id of the message it was sent as."""
    if sent := messages.sent_message_id(session, actor, draft_id):
        return None, None, sent
    draft = drafts.check_and_preview(session, actor, draft_id)
    return draft, checks.check(session, actor, draft), 0


def _start_draft_with_text(session, actor: Actor, subject: str, body: str) -> int:
    draft_id = drafts.get_or_create_empty(session, actor)
    drafts.save(session, actor, draft_id, subject=subject, body=body)
    return draft_id


def _send(session, actor: Actor, draft_id: int, accepted_terms: str, must_be_privileged: bool) -> int:
    if walkthrough.get(session, actor).is_active:
        walkthrough.finish(session, actor)
    return submissions.send(
        session, actor, draft_id, accepted_terms=accepted_terms, must_be_privileged=must_be_privileged
    )
