"""Receipts: all of mine, and one."""

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.purchases import ReceiptView
from rxconnect.domain.walkthrough import Step
from rxconnect.services import contacts, drafts, receipts, walkthrough
from rxconnect.state import address
from rxconnect.state.guard import family, read, write
from rxconnect.state.session import Screen


class ReceiptsState(Screen, rx.State):
    """My receipts, newest first."""

    receipts: list[ReceiptView] = []

    @family
    async def load(self, actor: Actor):
        """All of them."""
        self.receipts = await read(receipts.my_receipts, actor)
        self.ready = True


class ReceiptState(Screen, rx.State):
    """One receipt. Reloaded a year later it is the same."""

    receipt: ReceiptView | None = None

    @family
    async def load(self, actor: Actor):
        """The receipt with the number in the address."""
        self.receipt = None
        self.receipt = await read(receipts.get, actor, address.part(self))
        self.ready = True

    @family
    async def write_message(self, actor: Actor):
        """Go on to writing: the letter that waited for credits, or a new one."""
        draft_id = await write(_begin_letter, actor, self.receipt.facility_id if self.receipt else 0)
        return rx.redirect(routes.fill(routes.COMPOSE, draft_id))


def _begin_letter(session, actor: Actor, facility_id: int) -> int:
    """The draft to go on with: the last one to someone here, else one to whom the walkthrough leads or who is here."""
    journey = walkthrough.get(session, actor)
    draft_id = drafts.latest_at(session, actor, facility_id)
    if draft_id is None:
        here = [contact.id for contact in contacts.my_contacts(session, actor) if contact.facility_id == facility_id]
        contact_id = journey.contact_id if journey.contact_id in here else next(iter(here), None)
        draft_id = drafts.start(session, actor, contact_id)
    if journey.is_active:
        walkthrough.reach(session, actor, Step.WRITE, draft_id=draft_id)
    return draft_id
