"""What a facility does with messages: decide, hand on, and let replies through. Staff see only their own facility's."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session, col, select

from rxconnect import i18n, routes
from rxconnect.config import settings
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.messages import Direction, MessageStatus, Reason
from rxconnect.domain.text import fold, letter, one_line
from rxconnect.i18n import _, counted
from rxconnect.models import Account, Contact, Inmate, Message
from rxconnect.services.messages.message_moves import move, stamp
from rxconnect.services.notices import emails


def approve(session: Session, actor: Actor, message_id: int) -> None:
    """Let a message through."""
    move(session, _mine(session, actor, message_id), MessageStatus.APPROVED, by=actor.role)


def reject(session: Session, actor: Actor, message_id: int, reason: Reason, note: str = "") -> None:
    """Hold a message back for a structured reason; its credits return, and its writer is told by email."""
    message = _mine(session, actor, message_id)
    message.reason = reason
    move(session, message, MessageStatus.REJECTED, by=actor.role, note=one_line(note))
    _tell(session, message, _not_delivered)


def deliver(session: Session, actor: Actor, message_id: int) -> None:
    """An approved message is on the tablet; its credits are spent."""
    move(session, _mine(session, actor, message_id), MessageStatus.DELIVERED)


def open_message(session: Session, actor: Actor, message_id: int) -> None:
    """The person in custody opened a message."""
    move(session, _mine(session, actor, message_id), MessageStatus.OPENED)


def reply(session: Session, actor: Actor, inmate_id: int, account_id: int, *, subject: str, body: str) -> int:
    """Let a message from a person in custody through to a family that wrote to them; returns its id.

    The family is told by email that it came, never what is in it.
    """
    facility_id = _facility(actor)
    contact_id = session.exec(
        select(Contact.id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .where(Contact.inmate_id == inmate_id, Contact.account_id == account_id, Inmate.facility_id == facility_id)
    ).first()
    if contact_id is None:
        raise NotFound("contact")
    subject, body = one_line(subject), letter(body)
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
    stamp(session, message.id, MessageStatus.DELIVERED, by=actor.role)
    _tell(session, message, _wrote)
    return message.id


def _facility(actor: Actor) -> int:
    """The facility whose messages the actor decides about."""
    if not actor.may(Permission.REVIEW_MESSAGES) or actor.facility_id is None:
        raise NotAllowed
    return actor.facility_id


def _mine(session: Session, actor: Actor, message_id: int) -> Message:
    """A family's message at the actor's facility, locked until the decision about it is kept."""
    message = session.exec(
        select(Message)
        .where(Message.id == message_id, Message.facility_id == _facility(actor))
        .where(Message.direction == Direction.OUTGOING)
        .with_for_update()
    ).first()
    if message is None:
        raise NotFound("message")
    return message


def _not_delivered(message: Message, name: str) -> tuple[str, str]:
    returned = counted(
        "Your {count} credit came back to you.", "Your {count} credits came back to you.", message.cost_credits
    )
    why = _("Sign in to read why:")
    return _("Your message to {name} was not delivered").format(name=name), f"{returned} {why}"


def _wrote(_message: Message, name: str) -> tuple[str, str]:
    return _("{name} wrote to you").format(name=name), _("Sign in to read it:")


def _tell(session: Session, message: Message, told: Callable[[Message, str], tuple[str, str]]) -> None:
    """Email the family that something happened. An unproven address might be a stranger's, so it is told nothing."""
    account, name = session.exec(
        select(Account, Inmate.first_name)
        .join(Contact, col(Contact.account_id) == Account.id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .where(Contact.id == message.contact_id)
    ).one()
    if account.email_verified_at is None:
        return
    assert message.id is not None
    link = settings().origin + routes.fill(routes.MESSAGE, message.id)
    with i18n.speaking(account.language):
        subject, sentence = told(message, name)
        body = _("Hello {name},\n\n{subject}. {sentence}\n\n{link}\n\nWarm regards,\nRxConnect\n").format(
            name=account.name, subject=one_line(subject), sentence=sentence, link=link
        )
        emails.queue(session, account.email, one_line(subject), body)
