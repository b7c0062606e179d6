"""Second readings: a reviewer reads a decided letter again, and is told nothing of what became of it.

What a reader is shown is made from the letter and from what screening found before anybody decided. Nothing here reads a
status, an item, a note or an event, and every query does the same work whatever the first decision was.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import Invalid, NotClaimed
from rxconnect.domain.languages import language_name
from rxconnect.domain.messages import Reason, writer_and_recipient
from rxconnect.domain.own_texts import own_texts
from rxconnect.domain.problems import Problem
from rxconnect.domain.quality import DAYS
from rxconnect.domain.review import HoldReason, Outcome, ViewKind
from rxconnect.domain.second_readings import READ_WITHIN, ReadingCounts, ReadingView
from rxconnect.models import (
    Account,
    Contact,
    Decision,
    Facility,
    Inmate,
    Message,
    SecondReading,
    StaffLanguage,
    StaffView,
)
from rxconnect.services.audit.recording import record, record_at
from rxconnect.services.photos import serving
from rxconnect.services.review import desk
from rxconnect.services.screening import hits

# How many letters `open_next` tries, when others take the first ones at the same moment.
_TRIES = 20
_ENGLISH_OR_UNKNOWN = ("", "en")


def counts(session: Session, actor: Actor) -> ReadingCounts:
    """How many letters wait for this reader, and how many they have read. Raises `NotAllowed`."""
    waiting = select(func.count()).select_from(_readings(actor).where(_is_free(actor)).subquery())
    mine = select(func.count()).where(
        col(SecondReading.read_by) == actor.account_id,
        col(SecondReading.read_at) >= clock.now() - timedelta(days=DAYS),
    )
    return ReadingCounts(session.exec(waiting).one(), session.exec(mine).one())


def show(session: Session, actor: Actor) -> ReadingCounts:
    """The counts for somebody who opens the page, which is recorded. Raises `NotAllowed`."""
    record_at(session, actor, desk.facilities(actor), AuditKind.READINGS_SHOWN)
    return counts(session, actor)


def open_next(session: Session, actor: Actor, *, without: Collection[int] = ()) -> ReadingView | None:
    """Claim the next letter for a second reading, and record that the reader saw it. None when there is none.

    It is the one that the reader has open already, if any. `without` are letters that they left to others. Raises
    `NotAllowed`.
    """
    is_mine = func.coalesce(col(SecondReading.claimed_by), 0) == actor.account_id
    free = _readings(actor).where(_is_free(actor), col(SecondReading.id).not_in(without))
    free = free.order_by(is_mine.desc(), col(SecondReading.id))
    for reading_id in session.exec(free.limit(_TRIES)).all():
        claimed = update(SecondReading).where(
            col(SecondReading.id) == reading_id, col(SecondReading.read_by).is_(None), _is_free(actor)
        )
        until = clock.now() + READ_WITHIN
        if session.exec(claimed.values(claimed_by=actor.account_id, claimed_until=until)).rowcount:
            return _show(session, actor, reading_id)
    return None


def give(session: Session, actor: Actor, reading_id: int, outcome: Outcome, reason: Reason | None = None) -> None:
    """Give a second reading of a letter that the actor has open: `APPROVED`, or `REJECTED` with a reason.

    The first decision stands, and the reader is not told whether it was the same. Raises `Invalid`, `NotAllowed`, and
    `NotClaimed` for a letter that the actor has not open, may not read again, or has read already.
    """
    if outcome is Outcome.REJECTED and reason is None:
        raise Invalid(reason=Problem.REASON_MISSING())
    _require_open(session, actor, reading_id)
    unread = update(SecondReading).where(*_is_mine_and_unread(actor, reading_id))
    given = {"read_by": actor.account_id, "read_at": clock.now(), "outcome": outcome}
    if not session.exec(unread.values(**given, reason=reason if outcome is Outcome.REJECTED else "")).rowcount:
        raise NotClaimed
    row = session.get_one(SecondReading, reading_id, populate_existing=True)
    record(
        session,
        actor,
        row.facility_id,
        AuditKind.READING_GIVEN,
        message_id=row.message_id,
        subject=f"reading {reading_id}",
        outcome=outcome,
    )


def leave(session: Session, actor: Actor, reading_id: int) -> None:
    """Leave a letter that the actor has open to another reader. Raises `NotAllowed` and `NotClaimed`."""
    _require_open(session, actor, reading_id)
    left = update(SecondReading).where(*_is_mine_and_unread(actor, reading_id))
    if not session.exec(left.values(claimed_by=None, claimed_until=None)).rowcount:
        raise NotClaimed
    row = session.get_one(SecondReading, reading_id, populate_existing=True)
    subject = f"reading {reading_id}"
    record(session, actor, row.facility_id, AuditKind.READING_LEFT, message_id=row.message_id, subject=subject)


def _is_mine_and_unread(actor: Actor, reading_id: int) -> tuple[ColumnElement[bool], ...]:
    """The condition for a reading at the moment of a change: somebody else may take a lapsed claim, or another tab may press."""
    return (
        col(SecondReading.id) == reading_id,
        col(SecondReading.read_by).is_(None),
        col(SecondReading.claimed_by) == actor.account_id,
    )


def _require_open(session: Session, actor: Actor, reading_id: int) -> None:
    """Require that the actor has the letter open, and may still read it again. Raises `NotClaimed`."""
    mine = _readings(actor).where(SecondReading.claimed_by == actor.account_id, SecondReading.id == reading_id)
    if session.exec(mine).first() is None:
        raise NotClaimed


def _readings(actor: Actor) -> Any:
    """The ids of unread letters that the actor may read as second reader. Raises `NotAllowed`.

    It leaves out letters about which the actor has decided anything, and those that they opened or saw beside another letter
    at any time: a desk stays open, and shows later what became of them. Letters that they printed stay: without them, a
    reader who prints would only ever see rejected ones, and know it. A reader who has listed languages gets no others.
    """
    theirs = aliased(Decision)
    decided = exists().where(
        col(theirs.message_id) == col(SecondReading.message_id), col(theirs.by_account_id) == actor.account_id
    )
    seen = exists().where(
        col(StaffView.message_id) == col(SecondReading.message_id),
        col(StaffView.account_id) == actor.account_id,
        col(StaffView.kind).in_((ViewKind.OPENED, ViewKind.BESIDE)),
    )
    return (
        select(SecondReading.id)
        .join(Message, col(Message.id) == SecondReading.message_id)
        .join(Decision, col(Decision.id) == SecondReading.decision_id)
        .where(
            desk.is_letter(actor),
            col(SecondReading.facility_id).in_(desk.facilities(actor)),
            # A letter that has followed its person to another facility is left out.
            col(SecondReading.facility_id) == col(Message.facility_id),
            col(SecondReading.read_by).is_(None),
            ~decided,
            ~seen,
            _is_readable(actor),
        )
    )


def _is_free(actor: Actor) -> ColumnElement[bool]:
    return or_(
        col(SecondReading.claimed_until).is_(None),
        col(SecondReading.claimed_until) <= clock.now(),
        col(SecondReading.claimed_by) == actor.account_id,
    )


def _is_readable(actor: Actor) -> ColumnElement[bool]:
    mine = select(StaffLanguage.language).where(StaffLanguage.account_id == actor.account_id)
    return or_(col(Decision.language).in_(_ENGLISH_OR_UNKNOWN), col(Decision.language).in_(mine), ~mine.exists())


def _show(session: Session, actor: Actor, reading_id: int) -> ReadingView:
    row = session.get_one(SecondReading, reading_id, populate_existing=True)
    message = session.get_one(Message, row.message_id)
    desk.record_views(session, actor, [(row.facility_id, row.message_id, ViewKind.AGAIN)])
    place = session.get_one(Facility, row.facility_id)
    person = session.get_one(Inmate, session.get_one(Contact, message.contact_id).inmate_id)
    decision = session.get_one(Decision, row.decision_id)
    found_by, subject_pieces, pieces = hits.in_letter(session, message)
    family = session.get_one(Account, message.account_id).name
    writer, recipient = writer_and_recipient(message.direction, family, person.full_name)
    return ReadingView(
        id=reading_id,
        facility=place.name,
        sender=writer,
        person=recipient,
        number=person.number,
        subject_pieces=subject_pieces,
        pieces=pieces,
        photos=serving.undecided(session, row.message_id),
        found_by=found_by,
        sent=dates.day_and_time(message.created_at, place.time_zone),
        held_for=HoldReason(decision.held_for).label if decision.held_for else "",
        language=language_name(message.language),
        rules=own_texts(place, place.rules),
    )
