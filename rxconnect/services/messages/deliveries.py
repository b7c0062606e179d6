"""Deliveries that need no hands: a reply goes to its family, and a letter to a kiosk, as soon as it is approved.

Where letters are not read on kiosks, `services/paper` prints and delivers them.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.inmates import Custody
from rxconnect.domain.messages import Direction, ItemKind, MessageStatus
from rxconnect.domain.notices import NoticeKind
from rxconnect.domain.print_batches import Handover
from rxconnect.i18n import _
from rxconnect.models import Contact, Facility, Inmate, Item, Message, PrintPage
from rxconnect.services.messages import delivery_emails, message_emails, reply_credits
from rxconnect.services.messages.message_moves import move_to_status
from rxconnect.services.scheduling.batches import Batch

_BATCH = 50
_ARRIVED = [status for status in MessageStatus if status.has_arrived]
_ENDED = [status for status in MessageStatus if status.returns_credits]


def deliver_if_approved(session: Session, message: Message) -> None:
    """Deliver a locked message that is approved, unless it must be printed, or its person has left."""
    session.flush()
    if message.status != MessageStatus.APPROVED:
        return
    if message.direction == Direction.INCOMING:
        move_to_status(session, message, MessageStatus.DELIVERED)
        finish_reply(session, message)
    elif session.exec(select(Message.id).where(Message.id == message.id, _is_for_a_kiosk())).first():
        message.on_kiosk_at = message.on_kiosk_at or clock.now()
        move_to_status(session, message, MessageStatus.DELIVERED)
        delivery_emails.email_delivery(session, message)


def finish_reply(session: Session, reply: Message) -> None:
    """Do what follows the delivery of a reply: the letter counts as answered, its credit is spent, the family gets an email.

    The email does not contain the text of the reply.
    """
    reply_credits.use(session, reply)
    _mark_answered(session, reply)
    message_emails.email_family(session, reply, NoticeKind.REPLY, _reply_email)


def without_words(session: Session, message_ids: Collection[int | None]) -> set[int]:
    """The letters among these whose words were not delivered, although another part was. Nobody inside gets their subject either."""
    return set(
        session.exec(
            select(Item.message_id)
            .join(Message, col(Message.id) == Item.message_id)
            .where(col(Item.message_id).in_(message_ids), Item.kind == ItemKind.TEXT, col(Item.status).in_(_ENDED))
            .where(Message.direction == Direction.OUTGOING)
        )
    )


def deliver_due(after: int = 0) -> Batch:
    """Deliver one batch of approved letters on kiosks: those from before their facility had kiosks, or whose person came back."""
    return Batch.of_page(db.read(_due_message_ids, after), _BATCH, lambda message_id: db.write(_deliver, message_id))


def _due_message_ids(session: Session, after: int) -> list[int]:
    due = select(Message.id).where(_is_for_a_kiosk(), col(Message.id) > after)
    return [one for one in session.exec(due.order_by(col(Message.id)).limit(_BATCH)) if one is not None]


def _deliver(session: Session, message_id: int) -> bool:
    due = select(Message).where(Message.id == message_id, _is_for_a_kiosk())
    message = session.exec(due.with_for_update(skip_locked=True)).one_or_none()
    if message is not None:
        deliver_if_approved(session, message)
    return message is not None


def _is_for_a_kiosk() -> ColumnElement[bool]:
    """The condition for an approved letter to a person who is held where letters are read on kiosks.

    One that is in a print batch already is handed over with it.
    """
    is_here = exists().where(
        col(Contact.id) == col(Message.contact_id),
        col(Inmate.id) == col(Contact.inmate_id),
        col(Inmate.custody) == Custody.HELD,
        col(Inmate.facility_id) == col(Message.facility_id),
        col(Facility.id) == col(Message.facility_id),
        col(Facility.reads_on_kiosks).is_(True),
    )
    is_printed = exists().where(
        col(PrintPage.message_id) == col(Message.id), col(PrintPage.handover) == Handover.WAITING
    )
    return and_(
        col(Message.status) == MessageStatus.APPROVED,
        col(Message.direction) == Direction.OUTGOING,
        is_here,
        ~is_printed,
    )


def _mark_answered(session: Session, reply: Message) -> None:
    """Mark the newest letter of the reply's lane that had arrived when it was written as answered, unless it is already.

    Nobody answers a letter on a kiosk before they have opened it.
    """
    was_read = and_(col(Message.on_kiosk_at) <= reply.created_at, col(Message.status) != MessageStatus.DELIVERED)
    newest = session.exec(
        select(Message)
        .where(Message.contact_id == reply.contact_id, Message.direction == Direction.OUTGOING)
        .where(Message.lane == reply.lane, col(Message.status).in_(_ARRIVED))
        .where(col(Message.created_at) <= reply.created_at, or_(col(Message.on_kiosk_at).is_(None), was_read))
        .order_by(col(Message.created_at).desc(), col(Message.id).desc())
        .limit(1)
        .with_for_update()
    ).first()
    if newest and newest.status != MessageStatus.REPLIED:
        move_to_status(session, newest, MessageStatus.REPLIED)


def _reply_email(name: str) -> tuple[str, str]:
    return _("{name} wrote to you").format(name=name), _("Sign in to read it:")
