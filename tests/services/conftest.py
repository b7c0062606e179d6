"""What the tests about writing share: a family with credits, its person, and a reviewer at the same facility."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from rxconnect import db
from rxconnect.domain.accounts import Actor, Role
from rxconnect.domain.ledger import AccountKind, Entry, JournalKind
from rxconnect.domain.messages import MessageView
from rxconnect.domain.terms import VERSION
from rxconnect.models import Contact
from rxconnect.services.messages import drafts, messages
from rxconnect.services.money import ledger, wallets
from rxconnect.services.screening import submissions

_count = itertools.count(1)


@dataclass(frozen=True)
class Pair:
    """A family member and the person in custody to whom it writes."""

    family: Actor
    reviewer: Actor
    facility_id: int
    inmate_id: int
    contact_id: int

    def draft(self, subject: str = "Hello", body: str = "We miss you.") -> int:
        draft_id = db.write(drafts.get_or_create_empty, self.family, self.contact_id)
        db.write(drafts.save, self.family, draft_id, subject=subject, body=body)
        return draft_id

    def send(self, subject: str = "Hello", body: str = "We miss you.") -> MessageView:
        return self.message(db.write(submissions.send, self.family, self.draft(subject, body), accepted_terms=VERSION))

    def message(self, message_id: int) -> MessageView:
        return db.read(messages.get, self.family, message_id)

    def credits(self) -> tuple[int, int]:
        """Credits at hand, and held."""
        (wallet,) = db.read(wallets.balances, self.family)
        return wallet.credits, wallet.held


def give_credits(actor: Actor, facility_id: int, credits: int) -> None:
    db.write(
        ledger.post_journal,
        kind=JournalKind.GIVE_BACK,
        key=f"gift:{next(_count)}",
        subject="test",
        entries=[
            Entry(AccountKind.ISSUED, -credits, facility_id=facility_id),
            Entry(AccountKind.WALLET, credits, owner_id=actor.account_id, facility_id=facility_id),
        ],
    )


def tie(actor: Actor, inmate_id: int) -> int:
    """Make an inmate a contact of the actor's."""
    with db.transaction() as session:
        contact = Contact(account_id=actor.account_id, inmate_id=inmate_id)
        session.add(contact)
        session.flush()
        assert contact.id is not None
        return contact.id


@pytest.fixture
def pair(facility: Callable, inmate: Callable, actor: Callable) -> Callable[..., Pair]:
    """`pair(credits=10, facility_fields={…}, first_name=…)`: a family member, its contact, and a reviewer there."""

    def add(credits: int = 10, facility_fields: dict | None = None, **person: object) -> Pair:
        place = facility(**facility_fields or {})
        family, held = actor(), inmate(place, **person)
        if credits:
            give_credits(family, place, credits)
        reviewer = actor(role=Role.REVIEWER, facility_id=place, name="Robin Reed")
        return Pair(family, reviewer, place, held, tie(family, held))

    return add


@pytest.fixture
def add_contact(database: Path) -> Callable[[Actor, int], int]:
    """`add_contact(actor, inmate_id)` makes an inmate a contact and returns the contact's id."""
    return tie
