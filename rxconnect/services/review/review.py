"""Staff actions on messages: decide, deliver, pass on replies. Staff reach only messages of their facilities."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, select

from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.messages import Direction, ItemKind, MessageStatus, Reason
from rxconnect.domain.text import fold, message_body, one_line
from rxconnect.i18n import _, counted
from rxconnect.models import Contact, Inmate, Item, Message
from rxconnect.services.messages import message_emails
from rxconnect.services.messages.message_moves import move_to_status, record_event


def approve(session: Session, actor: Actor, message_id: int, *, items: Collection[int] | None = None) -> None:
    """Approve a message: every undecided item, or only these `items`."""
    move_to_status(session, _locked_message(session, actor, message_id), MessageStatus.APPROVED, items=items, by=actor)


def reject(
    session: Session,
    actor: Actor,
    message_id: int,
    reason: Reason,
    note: str = "",
    *,
    items: Collection[int] | None = None,
) -> None:
    """Reject a message for a structured reason: every undecided item, or only these `items`.

    Their credits return, and the family gets an email.
    """
    message = _locked_message(session, actor, message_id)
    rejected = move_to_status(session, message, MessageStatus.REJECTED, items=items, by=actor, note=one_line(note))
    for item in rejected:
        item.reason = reason
    message_emails.email_family(session, message, lambda name: _rejection_email(message, rejected, name))


def deliver(session: Session, actor: Actor, message_id: int) -> None:
    """Mark an approved message as delivered to the tablet, and spend its credits."""
    move_to_status(session, _locked_message(session, actor, message_id), MessageStatus.DELIVERED)


def open_message(session: Session, actor: Actor, message_id: int) -> None:
    """Mark a message as opened by the person in custody."""
    move_to_status(session, _locked_message(session, actor, message_id), MessageStatus.OPENED)


def deliver_reply(session: Session, actor: Actor, inmate_id: int, account_id: int, *, subject: str, body: str) -> int:
    """Deliver a reply from a person in custody to a family that wrote to them. Returns the message's id.

    The family gets an email without the text of the reply.
    """
    found = session.exec(
        select(Contact.id, Inmate.facility_id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .where(Contact.inmate_id == inmate_id, Contact.account_id == account_id)
        .where(col(Inmate.facility_id).in_(_reviewable_facility_ids(actor)))
    ).first()
    if found is None:
        raise NotFound("contact")
    contact_id, facility_id = found
    assert contact_id is not None
    subject, body = one_line(subject), message_body(body)
    message = Message(
        account_id=account_id,
        contact_id=contact_id,
        facility_id=facility_id,
        direction=Direction.INCOMING,
        subject=subject,
        body=body,
        search_text=fold(f"{subject} {body}"),
        status=MessageStatus.DELIVERED,
    )
    session.add(message)
    session.flush()
    assert message.id is not None
    session.add(Item(message_id=message.id, kind=ItemKind.TEXT, status=MessageStatus.DELIVERED))
    record_event(session, message, MessageStatus.DELIVERED, by=actor)
    message_emails.email_family(session, message, _reply_email)
    return message.id


def _reviewable_facility_ids(actor: Actor) -> tuple[int, ...]:
    """The facilities where the actor may decide about messages. Raises `NotAllowed` when there is none."""
    facility_ids = actor.facilities(Permission.REVIEW_MESSAGES)
    if not facility_ids:
        raise NotAllowed
    return facility_ids


def _locked_message(session: Session, actor: Actor, message_id: int) -> Message:
    """A family's message at one of the actor's facilities, locked until the transaction ends. Raises `NotFound`."""
    message = session.exec(
        select(Message)
        .where(Message.id == message_id, col(Message.facility_id).in_(_reviewable_facility_ids(actor)))
        .where(Message.direction == Direction.OUTGOING)
        .with_for_update()
    ).first()
    if message is None:
        raise NotFound("message")
    return message


def _rejection_email(message: Message, rejected: Collection[Item], name: str) -> tuple[str, str]:
    is_whole = message.status == MessageStatus.REJECTED
    subject = (
        _("Your message to {name} was not delivered")
        if is_whole
        else _("A part of your message to {name} was not delivered")
    )
    returned = counted(
        "Your {count} credit came back to you.",
        "Your {count} credits came back to you.",
        sum(item.credits for item in rejected),
    )
    why = _("Sign in to read why:")
    return subject.format(name=name), f"{returned} {why}"


def _reply_email(name: str) -> tuple[str, str]:
    return _("{name} wrote to you").format(name=name), _("Sign in to read it:")
