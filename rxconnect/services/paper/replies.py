"""Replies: what a person in custody wrote on paper is entered by staff, and delivered to the family."""

from __future__ import annotations

from sqlmodel import Session, col, select

from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import Invalid, NotFound, PrivilegedReply
from rxconnect.domain.messages import DRAFT_MAX, SUBJECT_MAX, Direction, ItemKind, Lane, MessageStatus
from rxconnect.domain.problems import Problem
from rxconnect.domain.text import fold, message_body, one_line
from rxconnect.models import Contact, Inmate, Item, Message
from rxconnect.services.audit.recording import record
from rxconnect.services.lawyers import verifications
from rxconnect.services.messages import deliveries
from rxconnect.services.messages.message_moves import record_event
from rxconnect.services.review import desk


def enter(session: Session, actor: Actor, message_id: int, *, subject: str, body: str) -> int:
    """Enter the reply to a letter that was handed over. Returns the reply's id.

    Raises `NotFound`, also for a letter that has not arrived, `PrivilegedReply` for a reply to a verified lawyer, which staff
    may not read, and `Invalid` (subject, body).
    """
    letter = desk.letter(session, actor, message_id)
    if letter.direction != Direction.OUTGOING or not MessageStatus(letter.status).has_arrived:
        raise NotFound("message")
    contact = session.get_one(Contact, letter.contact_id)
    facility_id = session.get_one(Inmate, contact.inmate_id).facility_id
    if verifications.lane_at_send(session, letter.account_id, facility_id) is Lane.PRIVILEGED:
        raise PrivilegedReply
    return deliver_reply(session, actor, contact.inmate_id, letter.account_id, subject=subject, body=body)


def deliver_reply(session: Session, actor: Actor, inmate_id: int, account_id: int, *, subject: str, body: str) -> int:
    """Deliver a reply from a person in custody to a family that wrote to them. Returns the message's id.

    A reply to a verified lawyer is privileged. The newest letter of the reply's lane that has arrived counts as answered, and
    the oldest reply credit of the conversation is spent.
    Raises `NotFound`, and `Invalid` (subject, body).
    """
    found = session.exec(
        select(Contact.id, Inmate.facility_id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .where(Contact.inmate_id == inmate_id, Contact.account_id == account_id)
        .where(col(Inmate.facility_id).in_(desk.facilities(actor)))
    ).first()
    if found is None:
        raise NotFound("contact")
    contact_id, facility_id = found
    assert contact_id is not None
    subject, body = _checked(subject, body)
    message = Message(
        account_id=account_id,
        contact_id=contact_id,
        facility_id=facility_id,
        direction=Direction.INCOMING,
        lane=verifications.lane_at_send(session, account_id, facility_id),
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
    deliveries.finish_reply(session, message)
    record(session, actor, facility_id, AuditKind.REPLY_ENTERED, message_id=message.id)
    return message.id


def _checked(subject: str, body: str) -> tuple[str, str]:
    subject, body = one_line(subject), message_body(body)
    if len(subject) > SUBJECT_MAX:
        raise Invalid(subject=Problem.SUBJECT_TOO_LONG(count=len(subject) - SUBJECT_MAX, most=SUBJECT_MAX))
    if not body.strip():
        raise Invalid(body=Problem.BODY_MISSING())
    if len(body) > DRAFT_MAX:
        raise Invalid(body=Problem.BODY_TOO_LONG(count=len(body) - DRAFT_MAX, most=DRAFT_MAX))
    return subject, body
