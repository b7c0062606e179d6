"""Compose: a draft that saves itself, and the page on which it is read once more and sent."""

import dataclasses
import secrets
from typing import ClassVar

import reflex as rx

from rxconnect import routes
from rxconnect.domain import money, terms
from rxconnect.domain.accounts import Actor
from rxconnect.domain.contacts import ContactView
from rxconnect.domain.drafts import DraftLine, DraftView
from rxconnect.domain.errors import Invalid
from rxconnect.domain.text import count
from rxconnect.services import contacts, drafts, messages, walkthrough
from rxconnect.state import address
from rxconnect.state.guard import Id, LongText, Text, family, public, read, typing, write
from rxconnect.state.session import Screen, SessionState, Typed


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
    """Writing. Every pause saves; what was typed when a sign-in ended is kept for its writer (`SessionState._typed`)."""

    _problem_place: ClassVar[str] = "page-title"
    draft: DraftView | None = None
    contacts: list[ContactView] = []
    contact_id: str = ""
    subject: str = ""
    body: str = ""
    left: str = ""
    is_over: bool = False
    cost: str = ""
    credits_after: str = ""
    saved: str = ""
    # Names this load of the page. Words that were typed into an earlier one are in no field here, so the fields are
    # filled in again, and `filled` counts how often.
    page: str = ""
    filled: int = 0
    # Counts how often the contact was chosen elsewhere, in another tab: the field then begins anew with that one.
    turned: int = 0

    @family
    async def begin(self, actor: Actor):
        """Without a draft in the address: begin one, to the contact in the address if there is one."""
        draft_id = await write(drafts.start, actor, address.id_in_query(self, "contact", "contact"))
        return rx.redirect(routes.fill(routes.COMPOSE, draft_id), replace=True)

    @family
    async def load(self, actor: Actor):
        """The draft, and all whom it may go to."""
        if self.draft and str(self.draft.id) != address.part(self):
            self.reset()
            yield
        if await self._save_typed(actor):
            session = await self.get_state(SessionState)
            session._say("We kept what you were writing.")
        self.contacts = await read(contacts.my_contacts, actor)
        self._show(await read(drafts.get, actor, self._draft_id()))
        self.subject, self.body = self.draft.subject, self.draft.body
        self.page = secrets.token_hex(4)
        self.ready = True

    @family
    async def choose_contact(self, actor: Actor, contact_id: Text):
        """To whom it goes; limits, price and rules follow the facility."""
        self.contact_id = contact_id
        wanted = next((contact.id for contact in self.contacts if str(contact.id) == contact_id), None)
        self._show(await write(drafts.save, actor, self._draft_id(), contact_id=wanted))

    @public
    @typing
    async def type_subject(self, subject: LongText, page: Text = ""):
        """Typing only remembers, in this tab's own memory; saving asks who is writing. `page` is where it was typed."""
        if not self._retyped("subject", subject):
            return None
        self._fill_in_again(page)
        await self._remember(subject=subject)
        return ComposeState.save

    @public
    @typing
    async def type_body(self, body: LongText, page: Text = ""):
        """The message, as it is typed."""
        if not self._retyped("body", body):
            return None
        self._fill_in_again(page)
        await self._remember(body=body)
        return ComposeState.save

    @family
    @typing
    async def save(self, actor: Actor):
        """Keep what was typed, and nothing else: the rest may be newer in another tab."""
        if await self._save_typed(actor):
            self._show(await read(drafts.get, actor, self._draft_id()))

    @public
    async def proceed(self, form: dict[str, LongText]):
        """CONTINUE: hold exactly what stands in the fields, to the last key."""
        self.subject, self.body = form.get("subject", self.subject), form.get("body", self.body)
        await self._remember(subject=self.subject, body=self.body)
        return ComposeState.check

    @family
    async def check(self, actor: Actor):
        """Keep what was typed, check it, and show it as it will be read."""
        await self._save_typed(actor)
        self._show(await read(drafts.get, actor, self._draft_id()))
        await read(drafts.check, actor, self._draft_id())
        await self._clear(SendState)
        return rx.redirect(routes.fill(routes.SEND, self._draft_id()))

    def _fill_in_again(self, page: str) -> None:
        """Show what was typed before the connection broke, when it comes after the page was loaded anew."""
        if page not in ("", self.page):
            self.filled += 1

    async def _remember(self, **typed: str) -> None:
        """Hold what was typed for its writer until it is saved, even if the sign-in ended meanwhile."""
        session = await self.get_state(SessionState)
        held, draft_id = session._typed, self._draft_id()
        if held is None or held.draft_id != draft_id:
            held = Typed(session._account_id, draft_id)
        session._typed = dataclasses.replace(held, **typed)

    async def _save_typed(self, actor: Actor) -> bool:
        """Save what is held for this draft, if there is any and the actor is its writer."""
        session = await self.get_state(SessionState)
        held, draft_id = session._typed, self._draft_id()
        if held is None or held.draft_id != draft_id or held.account_id not in (None, actor.account_id):
            return False
        # Not held any longer even if it is refused, or else it would be refused again at every load.
        session._typed = None
        await write(drafts.save, actor, draft_id, subject=held.subject, body=held.body)
        return True

    def _draft_id(self) -> int:
        return address.id_in_path(self, "draft")

    def _show(self, draft: DraftView) -> None:
        self.draft = draft
        if self.contact_id != (contact_id := str(draft.contact_id or "")):
            self.contact_id = contact_id
            self.turned += 1
        self.saved = draft.saved
        if draft.contact_id is None:
            self.is_over, self.left = False, count(draft.characters, "character")
            self.cost, self.credits_after = "Choose a contact", "then you see what it costs"
            return
        over = draft.characters - draft.character_limit
        self.is_over = over > 0
        self.left = (
            f"{over:,} over the limit" if over > 0 else f"{-over:,} of {draft.character_limit:,} characters left"
        )
        self.cost = money.credits(draft.cost)
        after = draft.credits_before - draft.cost
        self.credits_after = (
            f"{draft.credits_before} now, {after} after sending" if after >= 0 else f"you have {draft.credits_before}"
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
        session._say("Your message is on its way.", on_next_page=True)
        return rx.redirect(routes.fill(routes.MESSAGE, message_id), replace=True)


def _send(session, actor: Actor, draft_id: int, accepted_terms: str) -> int:
    if walkthrough.get(session, actor).is_active:
        walkthrough.finish(session, actor)
    return messages.send(session, actor, draft_id, accepted_terms=accepted_terms)
