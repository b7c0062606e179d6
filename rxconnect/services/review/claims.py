"""Claims: a reviewer's exclusive, short right to decide a letter of the queue.

A claim is in the letter's queue entry, and one guarded UPDATE takes it, so two people never hold one. It lapses by the
clock alone: nothing has to run for the letter to be free again, however often that happens.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, update
from sqlmodel import Session, col, select

from rxconnect import db, live
from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor
from rxconnect.domain.desk import LookingView
from rxconnect.domain.errors import ClaimedByAnother, NotAllowed, NotFound
from rxconnect.domain.review import CLAIM_FOR, LEFT_FOR
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import Account, QueueEntry, SignIn
from rxconnect.services.review import desk
from rxconnect.services.scheduling.batches import Batch

NOBODY = {"claimed_by": None, "claimed_sign_in_id": None, "claimed_at": None, "claimed_until": None}


def is_free() -> ColumnElement[bool]:
    """The condition for an entry that nobody has claimed."""
    return or_(col(QueueEntry.claimed_until).is_(None), col(QueueEntry.claimed_until) <= clock.now())


def is_mine(actor: Actor) -> ColumnElement[bool]:
    """The condition for an entry that the actor has claimed, if the claim has not lapsed."""
    return and_(col(QueueEntry.claimed_by) == actor.account_id, col(QueueEntry.claimed_until) > clock.now())


def try_take(session: Session, actor: Actor, message_id: int) -> bool:
    """Claim a letter, or renew the actor's claim. False if it does not wait, is decided, or is somebody else's.

    An escalated letter can only be claimed by an administrator.
    """
    session.flush()
    now = clock.now()
    mine = {
        "claimed_by": actor.account_id,
        "claimed_sign_in_id": actor.sign_in_id,
        "claimed_until": now + CLAIM_FOR,
    }
    entry = (*_reachable(actor, message_id), col(QueueEntry.is_decided).is_(False), desk.may_decide(actor))
    if session.exec(update(QueueEntry).where(*entry, is_mine(actor)).values(**mine)).rowcount:
        return True
    taken = update(QueueEntry).where(*entry, is_free()).values(**mine, claimed_at=now)
    facility_id = session.exec(taken.returning(col(QueueEntry.facility_id))).scalar()
    if facility_id is None:
        return False
    desk.changed(session, facility_id)
    return True


def take(session: Session, actor: Actor, message_id: int) -> None:
    """Claim a letter.

    Raises `ClaimedByAnother`, `NotFound` if it does not wait at the actor's desk, and `NotAllowed` if it was escalated.
    """
    if not try_take(session, actor, message_id):
        raise_why_not(session, actor, message_id)


def renew(session: Session, actor: Actor, message_id: int) -> bool:
    """Renew the actor's claim. A lapsed one is taken again if the letter is free. False if it is lost."""
    return try_take(session, actor, message_id)


def release(session: Session, actor: Actor, message_id: int) -> None:
    """Release the actor's claim of a letter. Does nothing without one."""
    session.flush()
    mine = (*_reachable(actor, message_id), col(QueueEntry.claimed_by) == actor.account_id)
    released = update(QueueEntry).where(*mine).values(**NOBODY).returning(col(QueueEntry.facility_id))
    for facility_id in session.exec(released).scalars().all():
        desk.changed(session, facility_id)


def release_all(session: Session, actor: Actor) -> None:
    """Release every claim of the actor, as at the end of a sign-in."""
    mine = update(QueueEntry).where(col(QueueEntry.claimed_by) == actor.account_id)
    for facility_id in session.exec(mine.values(**NOBODY).returning(col(QueueEntry.facility_id))).scalars().all():
        desk.changed(session, facility_id)


def lapse_soon(session: Session, actor: Actor) -> None:
    """Let the actor's claims lapse within `LEFT_FOR`: the tab was closed, or its connection is lost.

    A tab that comes back renews its claim.
    """
    soon = clock.now() + LEFT_FOR
    mine = update(QueueEntry).where(col(QueueEntry.claimed_by) == actor.account_id)
    session.exec(mine.where(col(QueueEntry.claimed_until) > soon).values(claimed_until=soon))


def looking(session: Session, actor: Actor, facility_id: int = 0) -> list[LookingView]:
    """The open letters and their readers, the longest open first."""
    rows = session.exec(
        select(QueueEntry, Account.name)
        .join(Account, col(Account.id) == QueueEntry.claimed_by)
        .where(desk.is_entry(actor, facility_id), col(QueueEntry.claimed_until) > clock.now())
        .order_by(col(QueueEntry.claimed_at))
    )
    return [
        LookingView(
            name, entry.message_id, dates.ago(entry.claimed_at or entry.since), entry.claimed_by == actor.account_id
        )
        for entry, name in rows
    ]


def end_lapsed() -> Batch:
    """Clear the claims that have lapsed, or whose sign-in has ended, so that open desks show the letters as free."""
    return Batch(done=db.write(_end_lapsed) if db.read(_has_lapsed) else 0)


def raise_why_not(session: Session, actor: Actor, message_id: int) -> None:
    """Raise the reason why the actor could not claim a letter."""
    entry = desk.entry_of(session, actor, message_id)
    if entry is None or entry.is_decided:
        raise NotFound("message")
    if entry.claimed_by is None or entry.claimed_by == actor.account_id:
        raise NotAllowed
    raise ClaimedByAnother(session.get_one(Account, entry.claimed_by).name)


def _reachable(actor: Actor, message_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        col(QueueEntry.message_id) == message_id,
        desk.is_entry(actor),
    )


def _is_over() -> ColumnElement[bool]:
    now = clock.now()
    is_signed_out = exists().where(
        col(SignIn.id) == col(QueueEntry.claimed_sign_in_id),
        or_(col(SignIn.ended_at).is_not(None), col(SignIn.expires_at) <= now),
    )
    return and_(
        col(QueueEntry.claimed_by).is_not(None),
        or_(col(QueueEntry.claimed_until) <= now, is_signed_out),
    )


def _has_lapsed(session: Session) -> bool:
    return session.exec(select(QueueEntry.message_id).where(_is_over()).limit(1)).first() is not None


def _end_lapsed(session: Session) -> int:
    ended = update(QueueEntry).where(_is_over()).values(**NOBODY).returning(col(QueueEntry.facility_id))
    facility_ids = session.exec(ended).scalars().all()
    for facility_id in set(facility_ids):
        live.publish(session, Topic(Subject.DESK, facility_id))
    return len(facility_ids)
