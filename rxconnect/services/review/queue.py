"""The queue of a desk: the oldest due first, page by page, and the next free letter.

Each facility is read by itself, along an index, and the pages are merged: so it stays quick with many letters waiting.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, exists, or_, tuple_
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col, func, select

from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.desk import DeskFilter, LetterLine, QueueCounts, QueuePage
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.messages import Direction, MessageStatus
from rxconnect.domain.review import DecisionState, HoldReason, Queue, Shelf
from rxconnect.i18n import _
from rxconnect.models import (
    Account,
    Contact,
    Decision,
    Facility,
    Inmate,
    Message,
    MessageEvent,
    QueueEntry,
    StaffLanguage,
)
from rxconnect.services.review import claims, desk

PAGE = 50
# How many letters `claim_next` tries, when others take the first ones at the same moment.
_TRIES = 20
_DECIDED = (MessageStatus.APPROVED, MessageStatus.REJECTED)
_Place = tuple[datetime, int]


def page(
    session: Session, actor: Actor, wanted: DeskFilter | None = None, cursor: str = "", length: int = PAGE
) -> QueuePage:
    """A page of the queue, after the line with this cursor. Raises `NotFound` for a cursor that is not one of ours."""
    wanted = wanted or DeskFilter()
    places = list(_places(session, actor, wanted, _read_cursor(cursor), length + 1))
    lines = _lines(session, actor, [message_id for _due, message_id in places[:length]])
    return QueuePage(lines, lines[-1].cursor if len(places) > length else "")


def counts(session: Session, actor: Actor, facility_id: int = 0) -> QueueCounts:
    """How many letters lie on each shelf. Escalated ones are counted for administrators only."""
    now = clock.now()
    is_aside, is_escalated = col(QueueEntry.set_aside_until) > now, col(QueueEntry.is_escalated)
    is_waiting = ~is_escalated & or_(col(QueueEntry.set_aside_until).is_(None), ~is_aside)
    is_letter = col(QueueEntry.queue) == Queue.LETTERS
    kinds = (
        is_waiting & is_letter,
        is_waiting & is_letter & (col(QueueEntry.due_at) <= now),
        is_waiting & ~is_letter,
        ~is_escalated & is_aside,
        is_escalated & desk.may_decide(actor),
    )
    total = [0] * len(kinds)
    for one in desk.facilities(actor, facility_id):
        sums: Any = select(*(func.coalesce(func.sum(case((kind, 1), else_=0)), 0) for kind in kinds))
        found = sums.where(desk.is_entry(actor, one), col(QueueEntry.is_decided).is_(False))
        total = [before + int(more) for before, more in zip(total, session.exec(found).one(), strict=True)]
    return QueueCounts(*total)


def claim_next(session: Session, actor: Actor, wanted: DeskFilter | None = None, after: str = "") -> int | None:
    """Claim the next free letter after the line with this cursor. Returns its message's id; None when none is free.

    It leaves out letters with an appeal that the actor may not decide.
    """
    wanted = wanted or DeskFilter()
    for _due, message_id in _places(session, actor, wanted, _read_cursor(after), _TRIES, is_free=True):
        if claims.try_take(session, actor, message_id):
            return message_id
    return None


def cursor_of(session: Session, actor: Actor, message_id: int) -> str:
    """The cursor of a letter's line, to go on after it; "" if it does not wait any more."""
    entry = desk.entry_of(session, actor, message_id)
    return _cursor((entry.due_at, entry.message_id)) if entry else ""


def has_decided(actor: Actor, message_id: ColumnElement[Any] | Mapped[Any]) -> ColumnElement[bool]:
    """The condition that the actor has decided a message before, or a part of it, or an appeal about it."""
    decided = exists().where(
        col(MessageEvent.message_id) == message_id,
        col(MessageEvent.status).in_(_DECIDED),
        col(MessageEvent.by_account_id) == actor.account_id,
    )
    answered = exists().where(
        col(Decision.message_id) == message_id,
        col(Decision.appeal_id).is_not(None),
        col(Decision.state) == DecisionState.COMMITTED,
        col(Decision.by_account_id) == actor.account_id,
    )
    return or_(decided, answered)


def _places(
    session: Session, actor: Actor, wanted: DeskFilter, after: _Place | None, limit: int, *, is_free: bool = False
) -> Iterator[_Place]:
    """The first places of the queue, merged from the actor's facilities."""
    conditions = _conditions(actor, wanted, after)
    if is_free:
        conditions += (claims.is_free(), desk.may_decide(actor))
        if wanted.queue is Queue.APPEALS:
            conditions += (~has_decided(actor, col(QueueEntry.message_id)),)
    found = [
        session.exec(
            select(QueueEntry.due_at, QueueEntry.message_id)
            .where(desk.is_entry(actor, facility_id), *conditions)
            .order_by(col(QueueEntry.due_at), col(QueueEntry.message_id))
            .limit(limit)
        ).all()
        for facility_id in _facilities(actor, wanted)
    ]
    merged = heapq.merge(*([(due, message_id) for due, message_id in rows] for rows in found))
    return (place for place, _count in zip(merged, range(limit), strict=False))


def _facilities(actor: Actor, wanted: DeskFilter) -> tuple[int, ...]:
    """The facilities to look at. Escalated letters are for administrators."""
    facility_ids = desk.facilities(actor, wanted.facility_id)
    if wanted.shelf is not Shelf.ESCALATED:
        return facility_ids
    senior = actor.facilities(Permission.DECIDE_ESCALATED)
    if not set(facility_ids) & set(senior):
        raise NotAllowed
    return tuple(one for one in facility_ids if one in senior)


def _conditions(actor: Actor, wanted: DeskFilter, after: _Place | None) -> tuple[ColumnElement[bool], ...]:
    now = clock.now()
    is_aside = col(QueueEntry.set_aside_until) > now
    found: list[ColumnElement[bool]] = [
        col(QueueEntry.queue) == wanted.queue,
        col(QueueEntry.is_escalated).is_(wanted.shelf is Shelf.ESCALATED),
        col(QueueEntry.is_decided).is_(False),
    ]
    if wanted.shelf is Shelf.SET_ASIDE:
        found.append(is_aside)
    elif wanted.shelf is Shelf.WAITING:
        found.append(or_(col(QueueEntry.set_aside_until).is_(None), ~is_aside))
    if wanted.held_for:
        found.append(col(QueueEntry.held_for) == wanted.held_for)
    if wanted.language:
        found.append(col(QueueEntry.language) == wanted.language)
    if wanted.is_readable:
        mine = select(StaffLanguage.language).where(StaffLanguage.account_id == actor.account_id)
        found.append(or_(col(QueueEntry.language) == "", col(QueueEntry.language).in_(mine)))
    if wanted.is_overdue:
        found.append(col(QueueEntry.due_at) <= now)
    if wanted.claim == "free":
        found.append(claims.is_free())
    elif wanted.claim == "mine":
        found.append(claims.is_mine(actor))
    if after:
        found.append(tuple_(col(QueueEntry.due_at), col(QueueEntry.message_id)) > after)
    return tuple(found)


def _lines(session: Session, actor: Actor, message_ids: list[int]) -> list[LetterLine]:
    """The lines of these messages, in the same order."""
    holder = aliased(Account)
    # Not whole messages: a page of them would be a megabyte of words that no line shows.
    columns: Any = (QueueEntry, Message.direction, Message.subject, Account.name, Inmate, Facility, holder.name)
    rows = session.exec(
        select(*columns)
        .join(Message, col(Message.id) == QueueEntry.message_id)
        .join(Account, col(Account.id) == Message.account_id)
        .join(Contact, col(Contact.id) == Message.contact_id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .join(Facility, col(Facility.id) == QueueEntry.facility_id)
        .join(holder, col(holder.id) == QueueEntry.claimed_by, isouter=True)
        .where(col(QueueEntry.message_id).in_(message_ids))
    ).all()
    lines = {entry.message_id: _line(actor, entry, *rest) for entry, *rest in rows}
    return [lines[one] for one in message_ids]


def _line(
    actor: Actor,
    entry: QueueEntry,
    direction: str,
    subject: str,
    sender: str,
    inmate: Inmate,
    facility: Facility,
    holder: str | None,
) -> LetterLine:
    now = clock.now()
    is_held = entry.claimed_until is not None and entry.claimed_until > now
    is_aside = entry.set_aside_until is not None and entry.set_aside_until > now
    return LetterLine(
        message_id=entry.message_id,
        facility=facility.name,
        is_reply=direction == Direction.INCOMING,
        sender=sender,
        person=inmate.full_name,
        number=inmate.number,
        housing=inmate.housing,
        # A reply has no subject, and words of it are shown only to those who open it.
        subject=subject or _("A reply"),
        due=due_text(entry.due_at - now),
        is_overdue=entry.due_at <= now,
        held_for=HoldReason(entry.held_for).label if entry.held_for else "",
        language=entry.language,
        claimed_by=(holder or "") if is_held else "",
        is_mine=is_held and entry.claimed_by == actor.account_id,
        until=dates.day_and_time(entry.set_aside_until, facility.time_zone)
        if is_aside and entry.set_aside_until
        else "",
        cursor=_cursor((entry.due_at, entry.message_id)),
    )


def due_text(left: timedelta) -> str:
    """How long until or since the promised time."""
    if left > timedelta(0):
        return _("Due in {time}").format(time=dates.approximate_duration(left))
    return _("{time} overdue").format(time=dates.approximate_duration(-left))


def _cursor(place: _Place) -> str:
    return f"{place[0].isoformat()}~{place[1]}"


def _read_cursor(cursor: str) -> _Place | None:
    if not cursor:
        return None
    due, _tilde, message_id = cursor.partition("~")
    try:
        moment, number = datetime.fromisoformat(due), int(message_id)
    except ValueError:
        raise NotFound("list") from None
    if moment.tzinfo is None or not 0 < number < 2**31:
        raise NotFound("list")
    return moment, number
