"""Senders: the people who write to the person at the kiosk, and whom they may block.

A block keeps new letters away before anything is written or paid. Letters that were sent already still arrive.
"""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from rxconnect.domain import dates
from rxconnect.domain.accounts import Actor
from rxconnect.domain.inside import InsideSender
from rxconnect.domain.messages import MessageStatus
from rxconnect.domain.text import sort_key
from rxconnect.models import Account, Contact, Message
from rxconnect.services.directory import contact_reviews
from rxconnect.services.inside.people import contact_of, here, person_id

_ARRIVED = [status for status in MessageStatus if status.has_arrived]


def mine(session: Session, actor: Actor) -> list[InsideSender]:
    """Everybody who has written to the person, by name, the blocked ones first."""
    zone = here(session, actor).zone
    query: Any = (
        select(Contact, Account.name)
        .join(Account, col(Account.id) == Contact.account_id)
        .where(Contact.inmate_id == person_id(actor))
        .where(select(Message.id).where(Message.contact_id == Contact.id, col(Message.status).in_(_ARRIVED)).exists())
    )
    found = [
        InsideSender(
            contact_id=contact.id or 0,
            name=name,
            is_blocked=contact.blocked_at is not None,
            blocked=dates.short_day(contact.blocked_at, zone) if contact.blocked_at else "",
        )
        for contact, name in session.exec(query)
    ]
    return sorted(found, key=lambda one: (not one.is_blocked, sort_key(one.name)))


def block(session: Session, actor: Actor, contact_id: int) -> None:
    """Block a sender. Twice changes nothing. Raises `NotFound`."""
    contact, _family = contact_of(session, actor, contact_id, lock=True)
    contact_reviews.block_sender(session, contact)
    session.flush()


def unblock(session: Session, actor: Actor, contact_id: int) -> None:
    """Unblock a sender. Raises `NotFound`."""
    contact, _family = contact_of(session, actor, contact_id, lock=True)
    contact_reviews.unblock_sender(session, contact)
    session.flush()
