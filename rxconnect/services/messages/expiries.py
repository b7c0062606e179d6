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
from rxconnect.services.messages import message_emails
from rxconnect.services.messages.message_moves import move
from rxconnect.services.scheduling.batches import Batch

_BATCH = 20


def end_due(after: int = 0) -> Batch:
    """End a few messages that are due, from the id after `after` on."""
    due = db.read(_due, after)
    batch = Batch(resume_after=due[-1] if len(due) == _BATCH else None)
    batch.each(lambda message_id: db.write(_end, message_id), due)
    return batch


def _due(session: Session, after: int) -> list[int]:
    due = select(Message.id).where(col(Message.expires_at) <= clock.now(), col(Message.id) > after)
    rows = session.exec(due.order_by(col(Message.id)).limit(_BATCH))
    return [message_id for message_id in rows if message_id is not None]


def _end(session: Session, message_id: int) -> bool:
    """End one message, unless it was decided or taken back since it was found due."""
    due = select(Message).where(Message.id == message_id, col(Message.expires_at) <= clock.now())
    # Somebody at the facility may be deciding about it at this moment.
    message = session.exec(due.with_for_update(skip_locked=True)).one_or_none()
    if message is None:
        return False
    ended = move(session, message, MessageStatus.EXPIRED)
    returned = credits(sum(item.credits for item in ended))
    sentence = f"Your {returned} came back to you, and you can send it again. Sign in to read it"
    message_emails.tell(session, message, "Nobody decided about your message to {name} in time", sentence)
    return True
