"""Expiries: a message that nobody decides about in time ends, and its credits return.

When that is, is kept on the message as it is sent (`Message.expires_at`): a facility that changes its setting later changes
no promise that was made before. A look around, every minute, ends what is due, each message in a transaction of its own.
"""

from __future__ import annotations

from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.messages import MessageStatus
from rxconnect.domain.money import credits
from rxconnect.models import Message
from rxconnect.services import message_emails
from rxconnect.services.messages.message_moves import move

_BATCH = 200


def end_due() -> int:
    """End what is due, the oldest first and at most 200 messages at a time. Returns how many ended."""
    return sum(db.write(_end, message_id) for message_id in db.read(_due))


def _due(session: Session) -> list[int]:
    due = select(Message.id).where(col(Message.expires_at) <= clock.now())
    rows = session.exec(due.order_by(col(Message.expires_at), col(Message.id)).limit(_BATCH))
    return [message_id for message_id in rows if message_id is not None]


def _end(session: Session, message_id: int) -> bool:
    """End one message, unless it was decided or taken back since it was found due."""
    due = select(Message).where(Message.id == message_id, col(Message.expires_at) <= clock.now())
    message = session.exec(due.with_for_update()).one_or_none()
    if message is None:
        return False
    ended = move(session, message, MessageStatus.EXPIRED)
    returned = credits(sum(item.credits for item in ended))
    sentence = f"Your {returned} came back to you, and you can send it again. Sign in to read it"
    message_emails.tell(session, message, "Nobody decided about your message to {name} in time", sentence)
    return True
