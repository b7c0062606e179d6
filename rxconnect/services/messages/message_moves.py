"""How a message moves from one status to the next: legally, with a stamped event, and together with its credits."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.domain.accounts import Role
from rxconnect.domain.ledger import JournalGroup
from rxconnect.domain.messages import MessageStatus, check_move
from rxconnect.models import Message, MessageEvent
from rxconnect.services.money import wallets


def move(session: Session, message: Message, wanted: MessageStatus, *, by: Role | None = None, note: str = "") -> None:
    """Bring `message`, locked by the caller, to `wanted`, and its credits with it. `by` is None for the system.

    Raises `IllegalMove`, for example for a decision on a message that was withdrawn.
    """
    check_move(MessageStatus(message.status), wanted)
    message.status = wanted
    assert message.id is not None
    stamp(session, message.id, wanted, by=by, note=note)
    settled = (message.account_id, message.facility_id, message.cost_credits)
    key, subject = f"message:{message.id}:settle", JournalGroup.MESSAGE.subject(message.id)
    if wanted.returns_credits:
        wallets.give_back(session, *settled, key=key, subject=subject)
    elif wanted.spends_credits:
        wallets.spend(session, *settled, key=key, subject=subject)


def stamp(session: Session, message_id: int, status: MessageStatus, *, by: Role | None = None, note: str = "") -> None:
    """Keep when a message reached a status, and by whom."""
    session.add(MessageEvent(message_id=message_id, status=status, by_role=by or "", note=note))
