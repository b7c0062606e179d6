"""Shelves: a reviewer sets a letter aside until a time, or escalates it to an administrator. With internal notes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.desk import NoteView
from rxconnect.domain.errors import Invalid, NotAllowed, NotClaimed, NotFound
from rxconnect.domain.problems import Problem
from rxconnect.domain.review import NOTE_MAX, SET_ASIDE_MAX
from rxconnect.domain.text import message_body
from rxconnect.models import Account, DeskNote, Facility, Message, QueueEntry
from rxconnect.services.audit.recording import record
from rxconnect.services.review import claims, desk
from rxconnect.services.scheduling.batches import Batch

_NOTE, _SET_ASIDE, _ESCALATED, _RETURNED = "note", "set aside", "escalated", "returned"


def set_aside(session: Session, actor: Actor, message_id: int, until: datetime, note: str = "") -> None:
    """Set a claimed letter aside until a time within `SET_ASIDE_MAX`, and release it. Raises `Invalid`, `NotClaimed`."""
    now = clock.now()
    if not now < until <= now + SET_ASIDE_MAX:
        raise Invalid(until=Problem.RETURN_TIME_WRONG(most=SET_ASIDE_MAX.days))
    text = _checked(note)
    facility_id = _change_claimed(session, actor, message_id, set_aside_until=until)
    _write(session, actor, message_id, _SET_ASIDE, text)
    record(session, actor, facility_id, AuditKind.SET_ASIDE, message_id=message_id, until=until.isoformat())


def escalate(session: Session, actor: Actor, message_id: int, note: str) -> None:
    """Give a claimed letter to the administrators, with a note that says why. Raises `Invalid`, `NotClaimed`."""
    text = _needed(note)
    facility_id = _change_claimed(session, actor, message_id, is_escalated=True, set_aside_until=None)
    _write(session, actor, message_id, _ESCALATED, text)
    record(session, actor, facility_id, AuditKind.ESCALATED, message_id=message_id)


def put_back(session: Session, actor: Actor, message_id: int) -> None:
    """Put a letter that was set aside back into the queue now. Raises `NotFound`."""
    facility_id = _require_entry(session, actor, message_id).facility_id
    entry = update(QueueEntry).where(col(QueueEntry.message_id) == message_id)
    session.exec(entry.values(set_aside_until=None))
    record(session, actor, facility_id, AuditKind.TAKEN_BACK, message_id=message_id)
    desk.changed(session, facility_id)


def return_to_reviewers(session: Session, actor: Actor, message_id: int, note: str) -> None:
    """Give an escalated letter back to the reviewers, with an answer. Raises `NotAllowed`, `NotFound`, `Invalid`."""
    text = _needed(note)
    entry = _require_entry(session, actor, message_id)
    if entry.facility_id not in actor.facilities(Permission.DECIDE_ESCALATED):
        raise NotAllowed
    returned = update(QueueEntry).where(col(QueueEntry.message_id) == message_id)
    session.exec(returned.values(is_escalated=False, **claims.NOBODY))
    _write(session, actor, message_id, _RETURNED, text)
    record(session, actor, entry.facility_id, AuditKind.RETURNED, message_id=message_id)
    desk.changed(session, entry.facility_id)


def add_note(session: Session, actor: Actor, message_id: int, text: str) -> None:
    """Add an internal note to a letter. Raises `NotFound` and `Invalid`."""
    letter = desk.letter(session, actor, message_id)
    _write(session, actor, message_id, _NOTE, _needed(text))
    record(session, actor, letter.facility_id, AuditKind.NOTE_ADDED, message_id=message_id)
    desk.changed(session, letter.facility_id)


def notes(session: Session, actor: Actor, message_id: int) -> list[NoteView]:
    """The internal notes about a letter, the oldest first."""
    desk.letter(session, actor, message_id)
    rows = session.exec(
        select(DeskNote, Account.name, Facility.time_zone)
        .join(Account, col(Account.id) == DeskNote.account_id)
        .join(Message, col(Message.id) == DeskNote.message_id)
        .join(Facility, col(Facility.id) == Message.facility_id)
        .where(DeskNote.message_id == message_id)
        .order_by(col(DeskNote.id))
    )
    return [NoteView(name, dates.day_and_time(note.at, zone), note.kind, note.text) for note, name, zone in rows]


def bring_back_due() -> Batch:
    """Wake the desks whose letters come back now. The queue shows them by the clock alone."""
    return Batch(done=db.write(_bring_back) if db.read(_has_due) else 0)


def _change_claimed(session: Session, actor: Actor, message_id: int, **values: object) -> int:
    """Change the entry of a letter that the actor has claimed, and release the claim. Returns the facility's id.

    Raises `NotClaimed`.
    """
    session.flush()
    claimed = (col(QueueEntry.message_id) == message_id, claims.is_mine(actor), col(QueueEntry.is_decided).is_(False))
    changed = update(QueueEntry).where(*claimed).values(**values, **claims.NOBODY)
    facility_id = session.exec(changed.returning(col(QueueEntry.facility_id))).scalar()
    if facility_id is None:
        raise NotClaimed
    desk.changed(session, facility_id)
    return facility_id


def _require_entry(session: Session, actor: Actor, message_id: int) -> QueueEntry:
    entry = desk.entry_of(session, actor, message_id)
    if entry is None:
        raise NotFound("message")
    return entry


def _write(session: Session, actor: Actor, message_id: int, kind: str, text: str) -> None:
    if text or kind != _NOTE:
        session.add(DeskNote(message_id=message_id, account_id=actor.account_id, kind=kind, text=text))
        session.flush()


def _needed(note: str) -> str:
    text = _checked(note)
    if not text:
        raise Invalid(note=Problem.NOTE_NEEDED())
    return text


def _checked(note: str) -> str:
    text = message_body(note).strip()
    if len(text) > NOTE_MAX:
        raise Invalid(note=Problem.NOTE_TOO_LONG(most=NOTE_MAX, length=len(text)))
    return text


def _has_due(session: Session) -> bool:
    due = select(QueueEntry.message_id).where(col(QueueEntry.set_aside_until) <= clock.now())
    return session.exec(due.limit(1)).first() is not None


def _bring_back(session: Session) -> int:
    due = update(QueueEntry).where(col(QueueEntry.set_aside_until) <= clock.now()).values(set_aside_until=None)
    facility_ids = session.exec(due.returning(col(QueueEntry.facility_id))).scalars().all()
    for facility_id in set(facility_ids):
        desk.changed(session, facility_id)
    return len(facility_ids)
