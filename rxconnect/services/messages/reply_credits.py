"""Reply credits: a family pays for the answer too. The first answer uses the credit, or it comes back.

The credit is an item of the letter (`ItemKind.REPLY`). When the letter is delivered, the item waits for an answer. A reply
that is sent takes the oldest credit of its conversation; its delivery spends it. A reply that is not delivered leaves it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.inmates import Custody
from rxconnect.domain.messages import ItemKind, MessageStatus
from rxconnect.domain.notices import NoticeKind
from rxconnect.i18n import _, counted
from rxconnect.models import Account, Contact, Inmate, Item, Message
from rxconnect.services.messages import message_emails
from rxconnect.services.messages.message_moves import end_reply_credit
from rxconnect.services.scheduling.batches import Batch

_BATCH = 50
_ARRIVED = [status for status in MessageStatus if status.has_arrived]
_ENDED = [status for status in MessageStatus if status.returns_credits]


def take(session: Session, contact_id: int, reply_id: int) -> bool:
    """Let a new reply take the oldest credit of its conversation. False if there is none."""
    waiting = select(Item).join(Message, col(Message.id) == Item.message_id).where(Message.contact_id == contact_id)
    valid = col(Item.valid_until) > clock.now()
    oldest = waiting.where(is_waiting(), valid).order_by(col(Item.id)).limit(1).with_for_update(of=Item)
    item = session.exec(oldest).first()
    if item is None:
        return False
    item.answer_id = reply_id
    session.flush()
    return True


def use(session: Session, reply: Message) -> None:
    """Spend the credit that a delivered reply has taken, or else the oldest of its conversation, as for a reply on paper."""
    assert reply.id is not None
    if reply.writer_account_id is None:
        take(session, reply.contact_id, reply.id)
    mine = select(Item).where(Item.answer_id == reply.id, Item.status == MessageStatus.APPROVED).with_for_update()
    for item in session.exec(mine).all():
        end_reply_credit(session, session.get_one(Message, item.message_id), item, MessageStatus.DELIVERED)


def count(session: Session, inmate_id: int) -> dict[int, int]:
    """How many answers are paid for in each conversation of a person in custody, by the contact's id."""
    query: Any = (
        select(Message.contact_id, func.count(col(Item.id)))
        .join(Item, col(Item.message_id) == Message.id)
        .join(Contact, col(Contact.id) == Message.contact_id)
        .where(Contact.inmate_id == inmate_id, is_waiting(), col(Item.valid_until) > clock.now())
        .group_by(col(Message.contact_id))
    )
    return dict(session.exec(query).all())


def is_waiting() -> ColumnElement[bool]:
    """The condition for an item that is a credit of a delivered letter, for which no answer is under way."""
    answer = aliased(Message)
    has_failed = exists().where(col(answer.id) == col(Item.answer_id), col(answer.status).in_(_ENDED))
    return and_(
        col(Item.kind) == ItemKind.REPLY,
        col(Item.status) == MessageStatus.APPROVED,
        col(Item.valid_until).is_not(None),
        or_(col(Item.answer_id).is_(None), has_failed),
    )


def return_due(after: int = 0) -> Batch:
    """Return one batch of credits for which no answer came in time, or no longer can."""
    return Batch.of_page(db.read(_due_item_ids, after), _BATCH, lambda item_id: db.write(_return, item_id))


def _due_item_ids(session: Session, after: int) -> list[int]:
    due = _due().where(col(Item.id) > after).order_by(col(Item.id)).limit(_BATCH)
    return [item.id for item in session.exec(due) if item.id is not None]


def _due() -> Any:
    """The credits that come back now: their time is over, the person has left, or the family's account is closed."""
    has_left = or_(col(Inmate.custody) != Custody.HELD, col(Inmate.facility_id) != col(Message.facility_id))
    is_over = or_(col(Item.valid_until) <= clock.now(), has_left, col(Account.closed_at).is_not(None))
    return (
        select(Item)
        .join(Message, col(Message.id) == Item.message_id)
        .join(Contact, col(Contact.id) == Message.contact_id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .join(Account, col(Account.id) == Message.account_id)
        .where(is_waiting(), is_over)
    )


def _return(session: Session, item_id: int) -> bool:
    """Return one credit, unless an answer took it meanwhile."""
    # Skip a locked one: somebody may be answering at this moment.
    locked = _due().where(Item.id == item_id).with_for_update(of=Item, skip_locked=True)
    item = session.exec(locked).one_or_none()
    if item is None:
        return False
    letter = session.get_one(Message, item.message_id)
    end_reply_credit(session, letter, item, MessageStatus.EXPIRED)
    if item.credits:
        message_emails.email_family(
            session, letter, NoticeKind.REFUND, lambda name: _returned_email(name, item.credits)
        )
    return True


def _returned_email(name: str, credits: int) -> tuple[str, str]:
    sentence = counted(
        "No answer came, so your {count} credit came back to you. Sign in to read more:",
        "No answer came, so your {count} credits came back to you. Sign in to read more:",
        credits,
    )
    return _("The credit for {name}’s answer came back").format(name=name), sentence
