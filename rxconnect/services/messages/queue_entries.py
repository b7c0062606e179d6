"""Entries of the desk's queue: a message has one as long as it waits for staff.

A transaction that changes a message locks its row, so it alone changes its entry and its pending decision.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.domain.appeals import AppealStatus
from rxconnect.domain.review import DecisionState, HoldReason, Queue
from rxconnect.models import Appeal, Decision, Facility, Message, QueueEntry, Withdrawal


def add_letter(session: Session, message: Message, held_for: HoldReason) -> None:
    """Put a letter into the queue of its facility. It is due within the facility's promised time, from now on."""
    _add(session, message, Queue.LETTERS, held_for)


def restore_letter(session: Session, message: Message, withdrawal: Withdrawal) -> None:
    """Put a letter back into the queue, where it was when its sender withdrew it. It keeps its place."""
    remove_appeal(session, message)
    _add(session, message, Queue.LETTERS, withdrawal.held_for)
    session.flush()
    entry = session.get_one(QueueEntry, message.id)
    for name in ("since", "due_at", "set_aside_until", "is_escalated"):
        setattr(entry, name, getattr(withdrawal, name))


def add_appeal(session: Session, message: Message) -> None:
    """Put a rejected letter into the queue of appeals."""
    _add(session, message, Queue.APPEALS, "")


def restore_appeal(session: Session, message: Message) -> None:
    """Put a letter that is decided back into the queue of appeals, if one about a part of it waits."""
    session.flush()
    waiting = select(Appeal.id).where(Appeal.message_id == message.id, Appeal.status == AppealStatus.WAITING)
    if session.exec(waiting.limit(1)).first() is not None and session.get(QueueEntry, message.id) is None:
        add_appeal(session, message)


def remove_letter(session: Session, message: Message) -> None:
    """Take a letter out of the queue, and mark a decision about it that is not committed yet as overtaken."""
    session.flush()
    session.exec(
        delete(QueueEntry).where(col(QueueEntry.message_id) == message.id, col(QueueEntry.queue) == Queue.LETTERS)
    )
    pending = col(Decision.message_id) == message.id, col(Decision.state) == DecisionState.PENDING
    session.exec(
        update(Decision).where(*pending, col(Decision.appeal_id).is_(None)).values(state=DecisionState.OVERTAKEN)
    )


def remove_appeal(session: Session, message: Message) -> None:
    """Take a letter out of the queue of appeals, and mark a decision that is not committed yet as overtaken.

    The appeal itself waits on, without that decision's answer.
    """
    session.flush()
    session.exec(
        delete(QueueEntry).where(col(QueueEntry.message_id) == message.id, col(QueueEntry.queue) == Queue.APPEALS)
    )
    pending = col(Decision.message_id) == message.id, col(Decision.state) == DecisionState.PENDING
    about_appeal = (*pending, col(Decision.appeal_id).is_not(None))
    if session.exec(update(Decision).where(*about_appeal).values(state=DecisionState.OVERTAKEN)).rowcount:
        waiting = col(Appeal.message_id) == message.id, col(Appeal.status) == AppealStatus.WAITING
        session.exec(update(Appeal).where(*waiting).values(answer=""))


def _add(session: Session, message: Message, queue: Queue, held_for: str) -> None:
    assert message.id is not None
    now = clock.now()
    promised = timedelta(hours=session.get_one(Facility, message.facility_id).promised_hours)
    session.add(
        QueueEntry(
            message_id=message.id,
            facility_id=message.facility_id,
            lane=message.lane,
            queue=queue,
            since=now,
            due_at=now + promised,
            held_for=held_for,
            language=message.language,
        )
    )
