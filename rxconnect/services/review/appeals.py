"""Appeals: a family says once, in its own words, why a rejected letter should be delivered. Another reviewer decides.

The person in custody may say so too, at a kiosk: that is a protest, and is decided in the same way.
"""

from __future__ import annotations

from sqlmodel import Session, col, select

from rxconnect.db import add_once
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.appeals import APPEAL_MAX, AppealStatus
from rxconnect.domain.desk import DecisionView
from rxconnect.domain.errors import (
    AlreadyAppealed,
    DecidedBefore,
    IllegalMove,
    Invalid,
    NotAllowed,
    NotFound,
    TooLate,
)
from rxconnect.domain.messages import MessageStatus, MessageView
from rxconnect.domain.problems import Problem
from rxconnect.domain.review import REMARK_MAX, Outcome, Queue
from rxconnect.domain.text import message_body, one_line
from rxconnect.models import Appeal, Contact, Item, Message, MessageEvent, QueueEntry
from rxconnect.services.messages import message_emails, messages, queue_entries
from rxconnect.services.messages.appeal_views import appeal_ends
from rxconnect.services.review import decision_views, decisions, desk
from rxconnect.services.review.queue import has_decided


def appeal(session: Session, actor: Actor, message_id: int, text: str) -> MessageView:
    """Appeal the rejection of the actor's own message, or of a part of it.

    Raises `NotFound`, `Invalid` (text), `AlreadyAppealed`, `TooLate` after `APPEAL_WITHIN`, and `IllegalMove` when
    nothing of the message is rejected now, or a part is not decided yet.
    """
    if not actor.may(Permission.WRITE_MESSAGES):
        raise NotAllowed
    message = messages.get_locked(session, actor, message_id)
    _add(session, actor, message, text)
    message_emails.wake_family(session, message)
    return messages.get(session, actor, message_id)


def protest(session: Session, actor: Actor, message_id: int, text: str) -> None:
    """Protest the rejection of a letter to the person at a kiosk, or of a reply by them, or of a part of it.

    The family may appeal the same decision: then both are answered together. Raises as `appeal` does.
    """
    actor.must(Permission.USE_KIOSK)
    theirs = select(Message).join(Contact, col(Contact.id) == Message.contact_id)
    query = theirs.where(Message.id == message_id, Contact.inmate_id == actor.inmate_id)
    message = session.exec(query.with_for_update(of=Message)).first()
    if message is None:
        raise NotFound("message")
    _add(session, actor, message, text)
    message_emails.wake_person(session, message)


def _add(session: Session, actor: Actor, message: Message, text: str) -> None:
    """Add the actor's appeal about a locked message, and put the message into the queue of appeals."""
    words = message_body(text).strip()
    if not words:
        raise Invalid(text=Problem.APPEAL_MISSING())
    if len(words) > APPEAL_MAX:
        raise Invalid(text=Problem.APPEAL_TOO_LONG(most=APPEAL_MAX, length=len(words)))
    _require_rejected(session, message)
    assert message.id is not None
    row = Appeal(message_id=message.id, account_id=actor.account_id, facility_id=message.facility_id, text=words)
    if not add_once(session, row):
        raise AlreadyAppealed
    if session.get(QueueEntry, message.id) is None:
        queue_entries.add_appeal(session, message)
    session.flush()
    desk.changed(session, message.facility_id)


def decide(session: Session, actor: Actor, message_id: int, outcome: Outcome, answer: str = "") -> DecisionView:
    """Decide a claimed appeal: `UPHELD` or `OVERTURNED`, with an answer for whoever made it. Pending like any decision.

    If the family and the person in custody have both made one, it is about both.
    Raises `DecidedBefore` for whoever has
    decided the letter or a part of it, `NotClaimed`, `NotFound`, and `Invalid`.
    """
    message = desk.locked_letter(session, actor, message_id)
    waiting = select(Appeal).where(Appeal.message_id == message_id, Appeal.status == AppealStatus.WAITING)
    row = session.exec(waiting.order_by(col(Appeal.id))).first()
    if row is None or outcome not in (Outcome.UPHELD, Outcome.OVERTURNED):
        raise NotFound("appeal")
    if session.exec(select(Message.id).where(Message.id == message_id, has_decided(actor, col(Message.id)))).first():
        raise DecidedBefore
    answer = one_line(answer)
    if len(answer) > REMARK_MAX:
        raise Invalid(answer=Problem.REMARK_TOO_LONG(most=REMARK_MAX, length=len(answer)))
    decision = decisions.begin(session, actor, message, Queue.APPEALS, outcome, row)
    refused = select(Item.reason).where(Item.message_id == message_id, Item.status == MessageStatus.REJECTED)
    decision.reason = session.exec(refused.order_by(col(Item.id))).first() or ""
    row.answer = answer
    session.flush()
    return decision_views.view(session, actor, decision)


def _require_rejected(session: Session, message: Message) -> None:
    events = session.exec(select(MessageEvent).where(MessageEvent.message_id == message.id)).all()
    items = session.exec(select(Item).where(Item.message_id == message.id)).all()
    ends = appeal_ends(message, items, events)
    if ends is None:
        raise IllegalMove(message.status, Queue.APPEALS)
    if clock.now() > ends:
        raise TooLate
