"""Compose: a draft that saves itself, and the page on which it is read once more and sent."""

from typing import ClassVar

import reflex as rx

from rxconnect import routes
from rxconnect.domain import money, terms
from rxconnect.domain.accounts import Actor
from rxconnect.domain.contacts import ContactView
from rxconnect.domain.drafts import DraftLine, DraftView
from rxconnect.domain.errors import Invalid, NotFound
from rxconnect.i18n import _, counted
from rxconnect.services.directory import contacts
from rxconnect.services.messages import drafts, messages, walkthrough
from rxconnect.state import address
from rxconnect.state.guard import Id, LongText, family, read, typing, write
from rxconnect.state.session import Screen, SessionState


class DraftsState(Screen, rx.State):
    """Letters that are not sent yet."""

    drafts: list[DraftLine] = []

    @family
    async def load(self, actor: Actor):
        """All of mine, the last touched first."""
        self.drafts = await read(drafts.my_drafts, actor)
        self.ready = True

    @family
    async def discard(self, actor: Actor, draft_id: Id):
        """Throw a draft away."""
        await write(drafts.discard, actor, draft_id)
        self.drafts = await read(drafts.my_drafts, actor)


class ComposeState(Screen, rx.State):
    """Writing. The browser saves by itself (`components/letter_form.js`); this shows what came of it."""

    _problem_place: ClassVar[str] = "page-title"
    draft: DraftView | None = None
    contacts: list[ContactView] = []
    left: str = ""
    is_over: bool = False
    cost: str = ""
    credits_after: str = ""
    draft_id: str = ""
    # No draft any more: the message that it became, or thrown away elsewhere.
    message_id: int = 0
    is_discarded: bool = False

    @family
    async def begin(self, actor: Actor):
        """Without a draft in the address: begin one, to the contact in the address if there is one."""
        draft_id = await write(drafts.start, actor, address.id_in_query(self, "contact", "contact"))
        return rx.redirect(routes.fill(routes.COMPOSE, draft_id), replace=True)

    @family
    async def load(self, actor: Actor):
        """The draft, and all whom it may go to."""
        if self.draft_id != address.part(self):
            self.reset()
            yield
        self.draft_id = address.part(self)
        self.contacts = await read(contacts.my_contacts, actor)
        await self._look(actor)
        self.ready = True

    @family
    @typing
    async def look(self, actor: Actor):
        """What the draft costs, now that more of it is saved; and whether another tab or device has done something to it."""
        await self._look(actor)

    @family
    async def check(self, actor: Actor):
        """CONTINUE: everything is saved; check it, and show it as it will be read."""
        if not await self._look(actor):
            return None
        await read(drafts.check, actor, self._draft_id())
        await self._clear(SendState)
        return rx.redirect(routes.fill(routes.SEND, self._draft_id()))

    @family
    async def begin_again(self, actor: Actor, subject: LongText, body: LongText):
        """A new draft with words that a draft did not get before it was sent or thrown away elsewhere."""
        return rx.redirect(routes.fill(routes.COMPOSE, await write(_begin_with, actor, subject, body)))

    async def _look(self, actor: Actor) -> bool:
        """Show the draft as it is now; False when it is none any more."""
        draft_id = self._draft_id()
        try:
            draft = await read(drafts.get, actor, draft_id)
        except NotFound:
            self.message_id = await read(messages.sent_from, actor, draft_id) or 0
            self.is_discarded = self.draft is not None and not self.message_id
            if not (self.message_id or self.is_discarded):
                raise
            return False
        if self.draft and draft.version != self.draft.version:
            # What was said is about words that are no more.
            self.problem, self.problems = "", {}
        self._show(draft)
        return True

    def _draft_id(self) -> int:
        return address.id_in_path(self, "draft")

    def _show(self, draft: DraftView) -> None:
        self.draft = draft
        if draft.contact_id is None:
            self.is_over, self.left = False, counted("{count} character", "{count} characters", draft.characters)
            self.cost, self.credits_after = _("Choose a contact"), _("then you see what it costs")
            return
        over = draft.characters - draft.character_limit
        self.is_over = over > 0
        self.left = (
            _("{count} over the limit").format(count=f"{over:,}")
            if over > 0
            else _("{count} of {limit} characters left").format(count=f"{-over:,}", limit=f"{draft.character_limit:,}")
        )
        self.cost = money.credits(draft.cost)
        after = draft.credits_before - draft.cost
        self.credits_after = (
            _("{before} now, {after} after sending").format(before=draft.credits_before, after=after)
            if after >= 0
            else _("you have {count}").format(count=draft.credits_before)
        )


class SendState(Screen, rx.State):
    """The letter as it will be read, the Terms and Conditions, and SEND."""

    _problem_place: ClassVar[str] = "page-title"
    draft: DraftView | None = None
    accepts: bool = False
    cost: str = ""
    after: str = ""

    @family
    async def load(self, actor: Actor):
        """The checked draft; one that is not ready goes back to be mended, one that was sent shows the message."""
        self.reset()
        draft_id = address.id_in_path(self, "draft")
        sent = await read(messages.sent_from, actor, draft_id)
        if sent is not None:
            return rx.redirect(routes.fill(routes.MESSAGE, sent), replace=True)
        try:
            self.draft = await read(drafts.check, actor, draft_id)
        except Invalid:
            return rx.redirect(routes.fill(routes.COMPOSE, draft_id), replace=True)
        self.cost = money.credits(self.draft.cost)
        self.after = money.credits(self.draft.credits_before - self.draft.cost)
        self.ready = True
        return None

    @family
    async def accept(self, _actor: Actor, accepts: bool):
        """Accept the Terms and Conditions, or not."""
        self.accepts = accepts

    @family
    async def send(self, actor: Actor):
        """SEND: once, however often it is pressed."""
        draft_id = address.id_in_path(self, "draft")
        message_id = await write(_send, actor, draft_id, terms.VERSION if self.accepts else "")
        self.accepts = False
        session = await self.get_state(SessionState)
        session._say(_("Your message is on its way."), on_next_page=True)
        return rx.redirect(routes.fill(routes.MESSAGE, message_id), replace=True)


def _begin_with(session, actor: Actor, subject: str, body: str) -> int:
    draft_id = drafts.start(session, actor)
    drafts.save(session, actor, draft_id, subject=subject, body=body)
    return draft_id


def _send(session, actor: Actor, draft_id: int, accepted_terms: str) -> int:
    if walkthrough.get(session, actor).is_active:
        walkthrough.finish(session, actor)
    return messages.send(session, actor, draft_id, accepted_terms=accepted_terms)
