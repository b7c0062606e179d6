"""How a message moves from one status to the next: legally, with a stamped event, and together with its credits."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect import live
from rxconnect.domain.accounts import SYSTEM, Actor, ActorKind
from rxconnect.domain.ledger import JournalGroup
from rxconnect.domain.messages import MessageStatus, check_move
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import Message, MessageEvent
from rxconnect.services.money import wallets


def move(session: Session, message: Message, wanted: MessageStatus, *, by: Actor = SYSTEM, note: str = "") -> None:
    """Bring `message`, locked by the caller, to `wanted`, and its credits with it.

    Raises `IllegalMove`, for example for a decision on a message that was withdrawn.
    """
    check_move(MessageStatus(message.status), wanted)
    message.status = wanted
    stamp(session, message, wanted, by=by, note=note)
    settled = (message.account_id, message.facility_id, message.cost_credits)
    key, subject = f"message:{message.id}:settle", JournalGroup.MESSAGE.subject(message.id)
    if wanted.returns_credits:
        wallets.give_back(session, *settled, key=key, subject=subject)
    elif wanted.spends_credits:
        wallets.spend(session, *settled, key=key, subject=subject)


def stamp(session: Session, message: Message, status: MessageStatus, *, by: Actor = SYSTEM, note: str = "") -> None:
    """Keep when a message reached a status, and by whom; who has it on the screen is shown."""
    assert message.id is not None
    by_role = "" if by.kind is ActorKind.SYSTEM else by.acts_as(message.facility_id)
    session.add(MessageEvent(message_id=message.id, status=status, by_role=by_role, note=note))
    live.publish(session, Topic(Subject.THREADS, message.account_id))
    live.publish(session, Topic(Subject.QUEUE, message.facility_id))
