"""Handovers: what becomes of a printed letter when its batch is confirmed."""

from __future__ import annotations

from sqlmodel import Session, col, select

from rxconnect.domain.accounts import Actor
from rxconnect.domain.messages import MessageStatus
from rxconnect.domain.print_batches import Handover
from rxconnect.models import Message
from rxconnect.services.messages import delivery_emails, message_emails
from rxconnect.services.messages.message_moves import move_to_status


def hand_over(session: Session, actor: Actor, message_id: int, handover: Handover) -> bool:
    """Deliver a letter, or return its credits. False if it is not approved any more.

    One that was delivered on a kiosk before stays as it is: this was a copy. It is none when a part was approved since.
    """
    on_kiosk = select(Message).where(Message.id == message_id, col(Message.on_kiosk_at).is_not(None))
    if copied := session.exec(on_kiosk.where(Message.status != MessageStatus.APPROVED)).first():
        # Its page on the kiosk says what became of the wish to have it on paper.
        message_emails.wake_person(session, copied)
        return True
    approved = select(Message).where(Message.id == message_id, Message.status == MessageStatus.APPROVED)
    message = session.exec(approved.with_for_update()).one_or_none()
    if message is None:
        return False
    is_delivered = handover is Handover.HANDED_OVER
    wanted = MessageStatus.DELIVERED if is_delivered else MessageStatus.UNDELIVERABLE
    moved = move_to_status(session, message, wanted, by=actor)
    if is_delivered:
        delivery_emails.email_delivery(session, message)
    else:
        delivery_emails.email_return(session, message, sum(item.credits for item in moved))
    return True
