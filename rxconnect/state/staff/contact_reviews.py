"""Contacts at the desk: those that wait for staff, and the blocked pairs."""

import reflex as rx

from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.contacts import ContactReviewView
from rxconnect.domain.errors import NotFound
from rxconnect.domain.topics import Subject, Topic
from rxconnect.services.audit.recording import record_at
from rxconnect.services.directory import contact_reviews
from rxconnect.state.guard import Id, Text, staff
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen
from rxconnect.state.staff.views import view
from rxconnect.state.transactions import read, write


class ContactReviewsState(Screen, rx.State):
    """The contacts that wait, and the blocked pairs. `blocking` is the contact whose form is open, by its `key`."""

    waiting: list[ContactReviewView] = []
    blocked: list[ContactReviewView] = []
    blocking: str = ""

    @staff
    async def load(self, actor: Actor):
        """Load both lists, and listen for changes at each facility."""
        for facility_id in actor.facilities(Permission.REVIEW_MESSAGES):
            listen(actor, Topic(Subject.DESK, facility_id), ContactReviewsState.load)
        self.waiting, self.blocked = await view(_lists, actor)
        self.ready = True

    @staff
    async def accept(self, actor: Actor, account_id: Id, inmate_id: Id, facility_id: Id):
        """Accept a contact, or lift a block."""
        await write(contact_reviews.accept, actor, account_id, inmate_id, facility_id)
        self.waiting, self.blocked = await read(_lists, actor)

    @staff
    async def begin_block(self, _actor: Actor, key: Text):
        """Open or close the form that blocks a contact."""
        self.blocking = "" if key == self.blocking else key[:80]

    @staff
    async def block(self, actor: Actor, form: dict[str, Text]):
        """Block letters between the two people whose form is open. The family reads the reason."""
        one = next((each for each in self.waiting if each.key == self.blocking), None)
        if one is None:
            raise NotFound("contact")
        ids = one.account_id, one.inmate_id, one.facility_id
        await write(contact_reviews.block, actor, *ids, form.get("reason", ""))
        self.waiting, self.blocked = await read(_lists, actor)
        self.blocking = ""


def _lists(
    session, actor: Actor, *, is_recorded: bool = False
) -> tuple[list[ContactReviewView], list[ContactReviewView]]:
    lists = contact_reviews.waiting(session, actor), contact_reviews.blocked(session, actor)
    if is_recorded:
        record_at(session, actor, actor.facilities(Permission.BLOCK_CONTACTS), AuditKind.CONTACTS_SHOWN)
    return lists
