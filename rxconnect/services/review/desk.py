"""The border of the desk: which messages staff may reach at all. Every query of the desk begins here.

It leaves out the facilities where the actor may not review, and the privileged lane.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from rxconnect import live
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.messages import Direction, Lane
from rxconnect.domain.photos import PhotoState
from rxconnect.domain.review import ViewKind
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import Message, Photo, QueueEntry, StaffView
from rxconnect.services.audit.recording import Act, record_acts

_VIEWS = {
    ViewKind.OPENED: AuditKind.LETTER_OPENED,
    ViewKind.BESIDE: AuditKind.LETTER_BESIDE,
    ViewKind.PRINTED: AuditKind.LETTER_PRINTED,
    ViewKind.AGAIN: AuditKind.LETTER_READ_AGAIN,
    ViewKind.SEALED: AuditKind.LETTER_SEALED,
    ViewKind.GLASS: AuditKind.PRIVILEGED_READ,
}


def facilities(actor: Actor, facility_id: int = 0) -> tuple[int, ...]:
    """The ids of the facilities where the actor reviews, or only `facility_id`.

    Raises `NotAllowed` when there is none, and `NotFound` for another facility.
    """
    allowed = actor.must(Permission.REVIEW_MESSAGES)
    if facility_id and facility_id not in allowed:
        raise NotFound("facility")
    return (facility_id,) if facility_id else allowed


def is_letter(actor: Actor, facility_id: int = 0) -> ColumnElement[bool]:
    """The condition for a message, in either direction, that the actor may reach. Raises as `facilities` does."""
    return and_(col(Message.facility_id).in_(facilities(actor, facility_id)), col(Message.lane) == Lane.ORDINARY)


def is_reported(facility_id: int) -> ColumnElement[bool]:
    """The condition for a family's letter that a report may count. It asks for no permission: the report has done so."""
    return and_(
        col(Message.facility_id) == facility_id,
        col(Message.lane) == Lane.ORDINARY,
        col(Message.direction) == Direction.OUTGOING,
    )


def is_about_reported(message_id: ColumnElement[int] | Mapped[int], facility_id: int) -> ColumnElement[bool]:
    """The condition for a decision or an appeal that a report may count: its letter is not in another lane.

    Few letters are, so this needs no look at every letter.
    """
    others = select(Message.id).where(
        Message.facility_id == facility_id, col(Message.lane).in_([lane for lane in Lane if lane is not Lane.ORDINARY])
    )
    return message_id.not_in(others)


def is_entry(actor: Actor, facility_id: int = 0) -> ColumnElement[bool]:
    """The condition for an entry of the queue that the actor may reach. Raises as `facilities` does."""
    allowed = facilities(actor, facility_id)
    # With one facility, the database can read its index in the order of the queue.
    where = col(QueueEntry.facility_id) == allowed[0] if len(allowed) == 1 else col(QueueEntry.facility_id).in_(allowed)
    return and_(where, col(QueueEntry.lane) == Lane.ORDINARY)


def may_decide(actor: Actor) -> ColumnElement[bool]:
    """The condition for an entry that the actor may decide: an escalated one is for administrators alone."""
    senior = actor.facilities(Permission.DECIDE_ESCALATED)
    return or_(col(QueueEntry.is_escalated).is_(False), col(QueueEntry.facility_id).in_(senior))


def entry_of(session: Session, actor: Actor, message_id: int) -> QueueEntry | None:
    """The entry of a message in the queue; None if it does not wait, or is out of the actor's reach."""
    return session.exec(select(QueueEntry).where(QueueEntry.message_id == message_id, is_entry(actor))).one_or_none()


def letter(session: Session, actor: Actor, message_id: int) -> Message:
    """A family's letter, or a reply that was written on a kiosk, that the actor may reach. Raises `NotFound`."""
    return _one(session, select(Message).where(is_letter(actor)), message_id)


def locked_letter(session: Session, actor: Actor, message_id: int) -> Message:
    """The same, locked until the transaction ends."""
    return _one(session, select(Message).where(is_letter(actor)).with_for_update(), message_id)


def photo_store(session: Session, actor: Actor, key: str) -> str:
    """The `store` of a photo in a letter that the actor has opened, which was recorded. Raises `NotFound`."""
    try:
        reachable = is_letter(actor)
    except NotAllowed:
        raise NotFound("photo") from None
    was_opened = exists().where(
        col(StaffView.message_id) == col(Message.id), col(StaffView.account_id) == actor.account_id
    )
    found = (
        select(Photo.store)
        .join(Message, col(Message.id) == Photo.message_id)
        .where(Photo.key == key, Photo.state == PhotoState.READY, reachable, was_opened)
    )
    store = session.exec(found).first()
    if store is None:
        raise NotFound("photo")
    return store


def record_views(session: Session, actor: Actor, views: Iterable[tuple[int, int, ViewKind]]) -> None:
    """Record that a member of staff saw messages: `(facility_id, message_id, kind)` for each.

    Everything that shows a message to staff calls this. The family reads how often its letter was seen, and every view is
    a row of the audit chain too.
    """
    seen = list(views)
    session.add_all(StaffView(account_id=actor.account_id, message_id=one, kind=kind) for _at, one, kind in seen)
    record_acts(session, actor, [Act(facility_id, _VIEWS[kind], message_id) for facility_id, message_id, kind in seen])


def changed(session: Session, facility_id: int) -> None:
    """Wake the open desks of a facility when this transaction commits."""
    live.publish(session, Topic(Subject.DESK, facility_id))


def _one(session: Session, query: SelectOfScalar[Message], message_id: int) -> Message:
    # A reply from paper was typed by staff, and is delivered at once.
    is_decided_here = or_(col(Message.direction) == Direction.OUTGOING, col(Message.writer_account_id).is_not(None))
    found = session.exec(query.where(Message.id == message_id, is_decided_here)).first()
    if found is None:
        raise NotFound("message")
    return found
