"""Ends demo sessions that have expired, and deletes everything that they leave behind, also after a crash."""

from __future__ import annotations

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, delete, or_, select

from rxconnect import db, world
from rxconnect.demo.seats import end_room
from rxconnect.domain import clock
from rxconnect.domain.demo import SUMMARY_LASTS
from rxconnect.models import DemoNote, DemoSession, DemoStep
from rxconnect.services.scheduling.batches import Batch
from rxconnect.world import PerWorld

_IS_OPEN = col(DemoSession.ended_at).is_(None)
# The worlds that had no session at the last run. They are only closed at the next one, as a new session gets its row last.
_strays = PerWorld(set[str])


def end_due(_after: int = 0) -> Batch:
    """End sessions that have expired or lost their world, and delete unused worlds and old summaries.

    Opens its own transactions. Only this function removes the worlds of ended sessions, so a crash leaves none behind.
    """
    ended = db.write(_end_expired) if db.read(_has_work) else 0
    used = db.read(_worlds_in_use)
    open_worlds = {one.name: one for one in world.open_worlds() if not one.is_own}
    for name in used - open_worlds.keys():
        ended += db.write(_end_without_world, name)
    strays = open_worlds.keys() - used
    for name in strays & _strays():
        world.close(open_worlds[name])
    _strays().clear()
    _strays().update(strays)
    world.sweep()
    return Batch(ended)


def _has_work(session: Session) -> bool:
    """Whether there is anything to write. There mostly is not, and a read does not block other writers."""
    found = select(DemoSession.id).where(or_(and_(_IS_OPEN, _has_expired()), _is_past_retention()))
    return session.exec(found.limit(1)).first() is not None


def _worlds_in_use(session: Session) -> set[str]:
    return set(session.exec(select(DemoSession.world).where(_IS_OPEN)))


def _end_expired(session: Session) -> int:
    """End expired sessions and delete old summaries. Returns the number of ended sessions."""
    expired = session.exec(select(DemoSession).where(_IS_OPEN, _has_expired()).with_for_update()).all()
    for room in expired:
        end_room(session, room)
    old = session.exec(select(DemoSession.id).where(_is_past_retention())).all()
    for model in (DemoNote, DemoStep):
        session.exec(delete(model).where(col(model.session_id).in_(old)))
    session.exec(delete(DemoSession).where(col(DemoSession.id).in_(old)))
    return len(expired)


def _has_expired() -> ColumnElement[bool]:
    return col(DemoSession.expires_at) <= clock.now()


def _is_past_retention() -> ColumnElement[bool]:
    return col(DemoSession.ended_at) <= clock.now() - SUMMARY_LASTS


def _end_without_world(session: Session, name: str) -> int:
    """End the session of a world that is gone, unless it has moved to another world."""
    room = session.exec(select(DemoSession).where(DemoSession.world == name, _IS_OPEN).with_for_update()).first()
    if room is None:
        return 0
    end_room(session, room)
    return 1
