"""Replies: what a person in custody wrote on paper is entered by staff, and delivered to the family."""

from __future__ import annotations

from sqlmodel import Session, col, select

from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import Invalid, NotFound, PrivilegedReply
from rxconnect.domain.messages import DRAFT_MAX, SUBJECT_MAX, Direction, ItemKind, Lane, MessageStatus
from rxconnect.domain.notices import NoticeKind
from rxconnect.domain.problems import Problem
from rxconnect.domain.text import fold, message_body, one_line
from rxconnect.i18n import _
from rxconnect.models import Contact, Inmate, Item, Message
from rxconnect.services.audit.recording import record
from rxconnect.services.lawyers import verifications
from rxconnect.services.messages import message_emails
from rxconnect.services.messages.message_moves import move_to_status, record_event
from rxconnect.services.review import desk


def enter(session: Session, actor: Actor, message_id: int, *, subject: str, body: str) -> int:
    """Enter the reply to a letter that was handed over. Returns the reply's id.

    Raises `NotFound`, also for a letter that has not arrived, `PrivilegedReply` for a reply to a verified lawyer, which staff
    may not read, and `Invalid` (subject, body).
    """
    letter = desk.letter(session, actor, message_id)
    if not MessageStatus(letter.status).has_arrived:
        raise NotFound("message")
    contact = session.get_one(Contact, letter.contact_id)
    facility_id = session.get_one(Inmate, contact.inmate_id).facility_id
    if verifications.lane_at_send(session, letter.account_id, facility_id) is Lane.PRIVILEGED:
        raise PrivilegedReply
    return deliver_reply(session, actor, contact.inmate_id, letter.account_id, subject=subject, body=body)


def deliver_reply(session: Session, actor: Actor, inmate_id: int, account_id: int, *, subject: str, body: str) -> int:
    """Deliver a reply from a person in custody to a family that wrote to them. Returns the message's id.

    A reply to a verified lawyer is privileged. The newest letter of the reply's lane that has arrived counts as answered.
    The family gets an email without the text of the reply.
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
    _mark_answered(session, contact_id, message.lane)
    record(session, actor, facility_id, AuditKind.REPLY_ENTERED, message_id=message.id)
    message_emails.email_family(session, message, NoticeKind.REPLY, _reply_email)
    return message.id


def _mark_answered(session: Session, contact_id: int, lane: str) -> None:
    """Mark the newest letter of a lane that has arrived as answered, unless it is already."""
    arrived = [status for status in MessageStatus if status.has_arrived]
    newest = session.exec(
        select(Message)
        .where(Message.contact_id == contact_id, Message.direction == Direction.OUTGOING)
        .where(Message.lane == lane, col(Message.status).in_(arrived))
        .order_by(col(Message.created_at).desc(), col(Message.id).desc())
        .limit(1)
        .with_for_update()
    ).first()
    if newest and newest.status != MessageStatus.REPLIED:
        move_to_status(session, newest, MessageStatus.REPLIED)


def _checked(subject: str, body: str) -> tuple[str, str]:
    subject, body = one_line(subject), message_body(body)
    if len(subject) > SUBJECT_MAX:
        raise Invalid(subject=Problem.SUBJECT_TOO_LONG(count=len(subject) - SUBJECT_MAX, most=SUBJECT_MAX))
    if not body.strip():
        raise Invalid(body=Problem.BODY_MISSING())
    if len(body) > DRAFT_MAX:
        raise Invalid(body=Problem.BODY_TOO_LONG(count=len(body) - DRAFT_MAX, most=DRAFT_MAX))
    return subject, body


def _reply_email(name: str) -> tuple[str, str]:
    return _("{name} wrote to you").format(name=name), _("Sign in to read it:")
