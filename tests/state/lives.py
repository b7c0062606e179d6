"""A family that has been here a while, and what the database holds of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, or_, select
from sqlmodel import SQLModel

from rxconnect import db, routes
from rxconnect.domain.accounts import Actor, Role
from rxconnect.domain.inmates import InmateQuery, Person
from rxconnect.domain.terms import VERSION
from rxconnect.services.accounts import sign_ins
from rxconnect.services.directory import contacts, facilities, inmates
from rxconnect.services.messages import drafts, messages, walkthrough
from rxconnect.services.money import cards
from rxconnect.services.purchases import purchases
from rxconnect.services.review import review
from tests import people
from tests.services.buying import buy


@dataclass(frozen=True)
class Life:
    """One of everything that an account can have."""

    actor: Actor
    facility_id: int
    inmate_id: int
    contact_id: int
    draft_id: int
    message_id: int
    answer_id: int
    purchase_id: str
    card_id: int
    receipt_number: str
    sign_in_id: int | None
    # Somebody's in a demo session, as handlers call it. Nobody here is in one.
    seat_id: int = 1

    @property
    def addresses(self) -> list[str]:
        """Every page that is about something of theirs."""
        fill = routes.fill
        return [
            *(f"{routes.BUY_CREDITS}?purchase={self.purchase_id}", f"{routes.BUY_CREDITS}?facility={self.facility_id}"),
            *(fill(routes.PAYMENT, self.purchase_id), fill(routes.REVIEW, self.purchase_id)),
            fill(routes.RECEIPT, self.receipt_number),
            *(fill(routes.THREAD, self.contact_id), fill(routes.MESSAGE, self.message_id)),
            *(f"{routes.COMPOSE_NEW}?contact={self.contact_id}", fill(routes.COMPOSE, self.draft_id)),
            fill(routes.SEND, self.draft_id),
        ]


def live(word: str, price_cents: int = 25) -> Life:
    """A family that did one of everything at a facility of its own, with `word` in all that is theirs."""
    facility_id = db.write(facilities.create_facility, name=f"{word} House", opening="open", price_cents=price_cents)
    actor = _account(f"{word} Writer")
    reviewer = _account(f"{word} Reader", role=Role.REVIEWER, facility_id=facility_id)
    db.write(inmates.add_to_roster, facility_id, [Person(number="A00001", first_name=word, last_name="Rivera")])
    db.write(facilities.add_location, actor, facility_id)
    (found,), _more = db.read(inmates.find, actor, facility_id, InmateQuery(first_name=word))
    contact_id = db.write(contacts.add_at_my_location, actor, found.id).id
    paid = buy(actor, facility_id, save=True)
    (card,) = db.read(cards.my_cards, actor)
    message_id = db.write(messages.send, actor, _written(actor, contact_id, word), accepted_terms=VERSION)
    reply = {"subject": f"{word} answers", "body": f"{word} misses you too."}
    db.write(walkthrough.choose_facility, actor, facility_id)
    db.write(walkthrough.save_query, actor, InmateQuery(first_name=word))
    db.write(walkthrough.choose_contact, actor, contact_id)
    return Life(
        actor=actor,
        facility_id=facility_id,
        inmate_id=found.id,
        contact_id=contact_id,
        draft_id=_written(actor, contact_id, word),
        message_id=message_id,
        answer_id=db.write(review.deliver_reply, reviewer, found.id, actor.account_id, **reply),
        purchase_id=db.write(purchases.begin_or_change, actor, facility_id=facility_id, credits=40).id,
        card_id=card.id,
        receipt_number=paid.receipt_number,
        sign_in_id=db.read(sign_ins.actor_for, db.write(sign_ins.create_sign_in, actor.account_id)).sign_in_id,
    )


def everything() -> dict[str, list[Any]]:
    """Every row of every table."""
    return {name: _rows(table) for name, table in SQLModel.metadata.tables.items()}


def everything_of(actor: Actor) -> dict[str, list[Any]]:
    """Every row that says in a column that it is this account's."""
    mine = {}
    for name, table in SQLModel.metadata.tables.items():
        owner = [table.c[column] == actor.account_id for column in ("account_id", "owner_id") if column in table.c]
        if owner:
            mine[name] = _rows(table, or_(*owner))
    return mine


def _rows(table: Table, *where: Any) -> list[Any]:
    with db.reading() as session:
        return sorted(map(repr, session.connection().execute(select(table).where(*where))))


def _account(name: str, role: Role | None = None, facility_id: int | None = None) -> Actor:
    with db.transaction() as session:
        return people.add(session, f"{name.replace(' ', '.')}@example.org".lower(), name, role, facility_id)


def _written(actor: Actor, contact_id: int, word: str) -> int:
    draft_id = db.write(drafts.get_or_create_empty, actor, contact_id)
    db.write(drafts.save, actor, draft_id, subject=f"{word} writes", body=f"We miss you, says {word}.")
    return draft_id
