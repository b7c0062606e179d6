"""How a message moves from one status to the next: legally, with a stamped event, and together with its credits."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.domain.accounts import Role
from rxconnect.domain.messages import MessageStatus, check_move
from rxconnect.models import Message, MessageEvent
from rxconnect.services import wallets


def move(session: Session, message: Message, wanted: MessageStatus, *, by: Role | None = None, note: str = "") -> None:
    """Bring `message`, locked by the caller, to `wanted`, and its credits with it. `by` is None for the system.

    Raises `IllegalMove`, for example for a decision on a message that was withdrawn.
    """
    check_move(MessageStatus(message.status), wanted)
    message.status = wanted
    stamp(session, message, by=by, note=note)
    settled = (message.account_id, message.facility_id, message.cost_credits)
    key, subject = f"message:{message.id}:settle", f"message:{message.id}"
    if wanted.returns_credits:
        wallets.give_back(session, *settled, key=key, subject=subject)
    elif wanted.spends_credits:
        wallets.spend(session, *settled, key=key, subject=subject)


def stamp(session: Session, message: Message, *, by: Role | None = None, note: str = "") -> None:
    """Keep when `message` reached the status it has now, and by whom."""
    assert message.id is not None
    session.add(MessageEvent(message_id=message.id, status=message.status, by_role=by or "", note=note))
