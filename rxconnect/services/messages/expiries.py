"""Expiries: a message that is not decided in time expires, and its credits return.

The time is stored when the message is sent (`Message.expires_at`), so a later change of the facility's setting does not
affect it. A job runs every minute and expires each due message in its own transaction.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists
from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.messages import Direction, MessageStatus
from rxconnect.domain.notices import NoticeKind
from rxconnect.domain.review import DecisionState
from rxconnect.i18n import _, counted
from rxconnect.models import Decision, Message
from rxconnect.services.messages import message_emails
from rxconnect.services.messages.message_moves import move_to_status
from rxconnect.services.scheduling.batches import Batch

_BATCH = 20


def expire_due(after: int = 0) -> Batch:
    """Expire one batch of due messages, with ids greater than `after`."""
    return Batch.of_page(db.read(_due_message_ids, after), _BATCH, lambda message_id: db.write(_expire, message_id))


def _due_message_ids(session: Session, after: int) -> list[int]:
    due = select(Message.id).where(_is_due(), col(Message.id) > after)
    rows = session.exec(due.order_by(col(Message.id)).limit(_BATCH))
    return [message_id for message_id in rows if message_id is not None]


def _is_due() -> ColumnElement[bool]:
    """The condition for a message that expires now. One with a decision that is not committed yet does not."""
    is_decided = exists().where(
        col(Decision.message_id) == col(Message.id), col(Decision.state) == DecisionState.PENDING
    )
    return and_(col(Message.expires_at) <= clock.now(), ~is_decided)


def _expire(session: Session, message_id: int) -> bool:
    """Expire one message, unless it was decided or withdrawn meanwhile. A decision made in time counts, too."""
    due = select(Message).where(Message.id == message_id, _is_due())
    # Skip a locked message: a reviewer may be deciding it at this moment.
    message = session.exec(due.with_for_update(skip_locked=True)).one_or_none()
    if message is None:
        return False
    ended = move_to_status(session, message, MessageStatus.EXPIRED)
    if message.direction == Direction.INCOMING:
        # Its family knows nothing of a reply that was not delivered. The writer sees it on the kiosk.
        return True
    returned = sum(item.credits for item in ended)
    message_emails.email_family(session, message, NoticeKind.REJECTED, lambda name: _expiry_email(name, returned))
    return True


def _expiry_email(name: str, returned: int) -> tuple[str, str]:
    sentence = counted(
        "Your {count} credit came back to you, and you can send it again. Sign in to read it:",
        "Your {count} credits came back to you, and you can send it again. Sign in to read it:",
        returned,
    )
    return _("Your message to {name} was not decided in time").format(name=name), sentence
