"""Ends demo sessions that have expired, and deletes everything that they leave behind, also after a crash."""

from __future__ import annotations

import structlog
from sqlalchemy import ColumnElement, Table
from sqlmodel import Session, SQLModel, and_, col, delete, or_, select

from rxconnect import db, world
from rxconnect.demo import world_files
from rxconnect.demo.seats import end_room
from rxconnect.domain import clock
from rxconnect.domain.demo import SUMMARY_LASTS
from rxconnect.domain.errors import NotFound
from rxconnect.models import DemoSession
from rxconnect.services.scheduling.batches import Batch
from rxconnect.world import PerWorld

log = structlog.get_logger()

_IS_OPEN = col(DemoSession.ended_at).is_(None)
# The worlds that had no session at the last run. They are only closed at the next one, as a new session gets its row last.
_strays = PerWorld(set[str])


def end_due(_after: int = 0) -> Batch:
    """End sessions that have expired or lost their world, keep a file of each world, and delete unused worlds and old summaries.

    Opens its own transactions. Only this function removes the worlds of ended sessions, so a crash leaves none behind.
    """
    ended = db.write(_end_expired) if db.read(_has_work) else 0
    used = db.read(_worlds_in_use)
    open_worlds = {one.name: one for one in world.open_worlds() if not one.is_own}
    for name in used - open_worlds.keys():
        ended += db.write(_end_without_world, name)
    ended_worlds = db.read(_ended_worlds)
    for name in open_worlds.keys() & ended_worlds.keys():
        _keep_file(name, ended_worlds[name])
    strays = open_worlds.keys() - used
    for name in strays & _strays():
        world.close(open_worlds[name])
    _strays().clear()
    _strays().update(strays)
    world.sweep()
    world_files.sweep(ended_worlds.keys())
    return Batch(ended)


def _has_work(session: Session) -> bool:
    """Whether there is anything to write. There mostly is not, and a read does not block other writers."""
    found = select(DemoSession.id).where(or_(and_(_IS_OPEN, _has_expired()), _is_past_retention()))
    return session.exec(found.limit(1)).first() is not None


def _worlds_in_use(session: Session) -> set[str]:
    return set(session.exec(select(DemoSession.world).where(_IS_OPEN)))


def _ended_worlds(session: Session) -> dict[str, int]:
    """The session of each world whose session has ended, for as long as its summary is kept."""
    rows = session.exec(select(DemoSession.world, DemoSession.id).where(col(DemoSession.ended_at).is_not(None)))
    return {name: session_id for name, session_id in rows if session_id is not None}


def _keep_file(name: str, session_id: int) -> None:
    """Keep the file of a world before it is thrown away. The trainer may have asked for it already."""
    if world_files.is_kept(name):
        return
    try:
        world_files.keep(*db.read(world_files.facts_for_file, session_id))
    except NotFound as error:
        log.warning(
            "the world of a demo session could not be kept as a file", session=session_id, reason=str(error.__cause__)
        )


def _end_expired(session: Session) -> int:
    """End expired sessions and delete old summaries. Returns the number of ended sessions."""
    expired = session.exec(select(DemoSession).where(_IS_OPEN, _has_expired()).with_for_update()).all()
    for room in expired:
        end_room(session, room)
    old = session.exec(select(DemoSession.id).where(_is_past_retention())).all()
    sessions = SQLModel.metadata.tables[str(DemoSession.__tablename__)]
    _delete_with_all_that_points_to_it(session, sessions, sessions.c.id.in_(old))
    return len(expired)


def _delete_with_all_that_points_to_it(session: Session, table: Table, condition: ColumnElement[bool]) -> None:
    """Delete rows, and before them those that point to them, in whatever table: so no new table of sessions is forgotten."""
    for other in SQLModel.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table:
                pointing = key.parent.in_(select(key.column).where(condition))
                _delete_with_all_that_points_to_it(session, other, pointing)
    session.exec(delete(table).where(condition))


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
