"""Answers: whether the person can reply in a conversation now, and who pays for it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from rxconnect.domain import refusals
from rxconnect.domain.accounts import Actor
from rxconnect.domain.contacts import ContactState
from rxconnect.domain.errors import (
    AccountClosed,
    FacilityClosed,
    NoReplyPaid,
    NotFound,
    ReplyBlocked,
    RxConnectError,
    UnblockFirst,
)
from rxconnect.domain.facilities import Opening
from rxconnect.domain.messages import Direction, MessageStatus
from rxconnect.models import Account, Contact, Message
from rxconnect.services.directory import contact_reviews
from rxconnect.services.inside import allowances
from rxconnect.services.inside.people import Here, contact_of, here

_ARRIVED = [status for status in MessageStatus if status.has_arrived]


@dataclass(frozen=True, slots=True)
class Correspondence:
    """A conversation of the person at the kiosk: where they are, and who is at its other end."""

    place: Here
    contact: Contact
    family: Account

    @property
    def contact_id(self) -> int:
        """The id of the conversation."""
        assert self.contact.id is not None
        return self.contact.id


def correspondence(session: Session, actor: Actor, contact_id: int) -> Correspondence:
    """One of the person's conversations. Raises `NotFound`, also for somebody who has never written."""
    contact, family = contact_of(session, actor, contact_id)
    arrived = select(Message.id).where(
        Message.contact_id == contact_id, Message.direction == Direction.OUTGOING, col(Message.status).in_(_ARRIVED)
    )
    if session.exec(arrived.limit(1)).first() is None:
        raise NotFound("contact")
    return Correspondence(here(session, actor), contact, family)


def require_answerable(session: Session, to: Correspondence) -> None:
    """Raise `AccountClosed`, `UnblockFirst`, `FacilityClosed` or `ReplyBlocked` unless the person may reply now."""
    if to.family.closed_at:
        raise AccountClosed(to.family.name)
    if to.contact.blocked_at:
        raise UnblockFirst(to.family.name)
    if to.place.facility.opening != Opening.OPEN:
        raise FacilityClosed(to.place.facility.name)
    state, _reason = contact_reviews.state_of(session, to.contact.account_id, to.place.person)
    if state is ContactState.BLOCKED:
        raise ReplyBlocked(to.place.facility.name)


def require_paid(session: Session, to: Correspondence) -> str:
    """Who pays for a reply now, in a sentence. Raises `NoReplyPaid`."""
    if pays := allowances.who_pays(session, to.place, to.contact_id, to.family.name):
        return pays
    raise NoReplyPaid(to.family.name)


def who_pays_or_why_not(session: Session, to: Correspondence) -> tuple[str, str]:
    """Who pays for a reply, and "", or "" and why the person cannot reply now."""
    try:
        require_answerable(session, to)
        return require_paid(session, to), ""
    except RxConnectError as error:
        return "", refusals.sentence(error)
