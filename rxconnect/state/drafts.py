"""Compose: a draft that saves itself, and the page on which it is read once more and sent."""

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
from rxconnect.state.guard import Id, Text, family, public, read, write
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

    @family
    async def begin(self, actor: Actor):
        """Without a draft in the address: begin one, to the contact in the address if there is one."""
        draft_id = await write(drafts.start, actor, address.id_in_query(self, "contact", "contact"))
        return rx.redirect(routes.fill(routes.COMPOSE, draft_id), replace=True)

    @family
    async def load(self, actor: Actor):
        """The draft, and all whom it may go to."""
        draft_id = address.id_in_path(self, "draft")
        if self.draft and self.draft.id != draft_id:
            self.reset()
            yield
        session = await self.get_state(SessionState)
        if session._typed and session._typed.draft_id == draft_id:
            typed, session._typed = session._typed, None
            await write(drafts.save, actor, draft_id, subject=typed.subject, body=typed.body)
            session._say("We kept what you were writing.")
        self.contacts = await read(contacts.my_contacts, actor)
        self._show(await read(drafts.get, actor, draft_id))
        self.subject, self.body = self.draft.subject, self.draft.body
        self.ready = True

    @family
    async def choose_contact(self, actor: Actor, contact_id: Text):
        """To whom it goes; limits, price and rules follow the facility."""
        wanted = next((contact.id for contact in self.contacts if str(contact.id) == contact_id), None)
        self._show(await write(drafts.save, actor, self._draft_id(), contact_id=wanted))

    @public
    async def type_subject(self, subject: Text):
        """Typing only remembers, in this tab's own memory; saving asks who is writing."""
        self.subject = subject
        await self._remember()
        return ComposeState.save_subject

    @public
    async def type_body(self, body: Text):
        """The message, as it is typed."""
        self.body = body
        await self._remember()
        return ComposeState.save_body

    @family
    async def save_subject(self, actor: Actor):
        """Keep the subject alone: the message may be newer in another tab."""
        await self._save(actor, subject=self.subject)

    @family
    async def save_body(self, actor: Actor):
        """Keep the message alone."""
        await self._save(actor, body=self.body)

    @family
    async def proceed(self, actor: Actor, form: dict[str, Text]):
        """CONTINUE: keep exactly what stands in the fields, check it, and show it as it will be read."""
        self.subject, self.body = form.get("subject", self.subject), form.get("body", self.body)
        self._show(await write(drafts.save, actor, self._draft_id(), subject=self.subject, body=self.body))
        await read(drafts.check, actor, self._draft_id())
        return rx.redirect(routes.fill(routes.SEND, self._draft_id()))

    async def _remember(self) -> None:
        """Hold what was typed for its writer until it is saved, even if the sign-in ended meanwhile."""
        session = await self.get_state(SessionState)
        if session._account_id is not None:
            session._typed = Typed(session._account_id, self._draft_id(), self.subject, self.body)

    async def _save(self, actor: Actor, **typed: str) -> None:
        self._show(await write(drafts.save, actor, self._draft_id(), **typed))
        session = await self.get_state(SessionState)
        session._typed = None

    def _draft_id(self) -> int:
        return address.id_in_path(self, "draft")

    def _show(self, draft: DraftView) -> None:
        self.draft = draft
        self.contact_id = str(draft.contact_id or "")
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

    draft: DraftView | None = None
    accepts: bool = False
    cost: str = ""
    after: str = ""

    @family
    async def load(self, actor: Actor):
        """The checked draft; one that is not ready goes back to be mended, one that was sent shows the message."""
        draft_id = address.id_in_path(self, "draft")
        self.reset()
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
        session._say("Your letter is on its way.", on_next_page=True)
        return rx.redirect(routes.fill(routes.MESSAGE, message_id), replace=True)


def _send(session, actor: Actor, draft_id: int, accepted_terms: str) -> int:
    message = messages.send(session, actor, draft_id, accepted_terms=accepted_terms)
    if walkthrough.get(session, actor).is_active:
        walkthrough.finish(session, actor)
    return message.id
