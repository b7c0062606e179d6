"""Prints: a person asks for a letter on paper. It joins the next batch that staff print (`services/paper`)."""

from __future__ import annotations

from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotFound
from rxconnect.domain.inmates import Custody
from rxconnect.domain.messages import Direction, ItemKind, MessageStatus
from rxconnect.domain.print_batches import Handover
from rxconnect.i18n import _
from rxconnect.models import Contact, Inmate, Item, Message, PrintBatch, PrintPage
from rxconnect.services.inside.people import person_id


def ask(session: Session, actor: Actor, message_id: int) -> None:
    """Ask for a letter on paper. Does nothing when it was asked for already. Raises `NotFound`, also for an unread letter."""
    mine = (
        select(Message)
        .join(Contact, col(Contact.id) == Message.contact_id)
        .where(Message.id == message_id, Contact.inmate_id == person_id(actor))
    )
    message = session.exec(mine.with_for_update(of=Message)).first()
    if message is None or not _can_be_printed(session, message):
        raise NotFound("message")
    if state_of(session, message_id)[0]:
        message.print_asked_at = clock.now()
        session.flush()


def state_of(session: Session, message_id: int) -> tuple[bool, str]:
    """Whether the person can ask for a letter on paper now, and what became of their wish, "" without one."""
    message = session.get_one(Message, message_id)
    if not _can_be_printed(session, message):
        return False, ""
    if message.print_asked_at is None:
        return True, ""
    printed = (
        select(PrintPage.handover)
        .join(PrintBatch, col(PrintBatch.id) == PrintPage.batch_id)
        .where(PrintPage.message_id == message_id, PrintBatch.made_at >= message.print_asked_at)
    )
    handover = session.exec(printed.order_by(col(PrintPage.id).desc()).limit(1)).first()
    if handover in (Handover.MOVED, Handover.UNDELIVERABLE):
        return True, _("It was printed, and could not be handed to you. You can ask again.")
    if handover == Handover.HANDED_OVER:
        return False, _("It was printed for you.")
    return False, _("You asked for it on paper. Staff print it with the next letters.")


def _can_be_printed(session: Session, message: Message) -> bool:
    """Whether it is a letter that came to the kiosk, was opened, has words, and is from the facility that holds the person."""
    if message.direction != Direction.OUTGOING or message.on_kiosk_at is None:
        return False
    if message.status not in (MessageStatus.OPENED, MessageStatus.REPLIED):
        return False
    contact = session.get_one(Contact, message.contact_id)
    inmate = session.get_one(Inmate, contact.inmate_id)
    if inmate.custody != Custody.HELD or inmate.facility_id != message.facility_id:
        return False
    words = select(Item.status).where(Item.message_id == message.id, Item.kind == ItemKind.TEXT)
    return all(MessageStatus(status).has_arrived for status in session.exec(words))
