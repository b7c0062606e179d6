"""Absences: a person who is missing from a list is not released by that.

They stay where they are and can be written to, until their facility's days have passed and at least two lists lack
them; then a job releases them. A list that says that somebody was released is believed at once. Who comes back within
thirty days is where they were (`InmateAbsence`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, delete, insert, or_, select, update
from sqlmodel import Session, col

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.inmates import Custody
from rxconnect.models import Inmate, InmateAbsence
from rxconnect.search import directory
from rxconnect.services.rosters.roster_people import Stored, batches_of, facilities_left, names_text, select_people
from rxconnect.services.scheduling.batches import Batch

# A person who comes back within this time is known again, also under another number.
KEPT_FOR = timedelta(days=30)
# The lists that must lack a person before they count as released.
_LISTS = 2
_BATCH = 20  # facilities


class Absence(NamedTuple):
    """The columns of an `InmateAbsence` that say how things stand."""

    inmate_id: int
    since: datetime
    lists: int
    due_at: datetime
    released_at: datetime | None
    returned_at: datetime | None


def absences_at(session: Session, facility_ids: Iterable[int]) -> dict[int, Absence]:
    """The absences of people at these facilities, by inmate id, without those who are back."""
    columns = [getattr(InmateAbsence, name) for name in Absence._fields]
    here = select(*columns).join(Inmate, col(Inmate.id) == col(InmateAbsence.inmate_id))
    found: dict[int, Absence] = {}
    for batch in batches_of(facility_ids):
        gone = here.where(col(Inmate.facility_id).in_(batch), col(InmateAbsence.returned_at).is_(None))
        found.update((row.inmate_id, Absence._make(row)) for row in session.execute(gone))
    return found


def add_absences(session: Session, people: Collection[Stored], days: int) -> None:
    """People are missing from their facility's list for the first time. They are released after `days` at the earliest."""
    now = clock.now()
    _replace(session, [_row(person, since=now, due_at=now + timedelta(days=days)) for person in people])


def add_released(session: Session, people: Collection[Stored]) -> None:
    """A list said that these people were released or moved. They may come back, also under another number."""
    now = clock.now()
    _replace(session, [_row(person, since=now, due_at=now, released_at=now) for person in people])


def count_list(session: Session, inmate_ids: Iterable[int]) -> None:
    """One more list lacks these people, who were missing already."""
    more = update(InmateAbsence).values(lists=col(InmateAbsence.lists) + 1)
    for batch in batches_of(inmate_ids):
        session.execute(more.where(col(InmateAbsence.inmate_id).in_(batch)))


def end_absences(session: Session, inmate_ids: Iterable[int]) -> None:
    """These people are on a list again. Only who counted as released is remembered, to tell what was refunded."""
    absence = InmateAbsence
    for batch in batches_of(inmate_ids):
        mine = col(absence.inmate_id).in_(batch), col(absence.returned_at).is_(None)
        session.execute(delete(absence).where(*mine, col(absence.released_at).is_(None)))
        session.execute(update(absence).where(*mine).values(returned_at=clock.now()))


def restore_absences(session: Session, before: dict[int, Absence | None]) -> None:
    """Make the absences of these people what they were. None removes an absence."""
    for batch in batches_of(before):
        session.execute(delete(InmateAbsence).where(col(InmateAbsence.inmate_id).in_(batch)))
    stored = {absence.inmate_id: absence for absence in before.values() if absence}
    for batch in batches_of(stored):
        for person in select_people(session, col(Inmate.id).in_(batch)):
            session.execute(
                insert(InmateAbsence).values(**stored[person.id]._asdict(), names=names_text(person), is_told=False)
            )


def release_due(after: int = 0) -> Batch:
    """Release the people whose days are over, at the next facilities after the one with the id `after`."""
    facilities = db.read(_facilities_with_due, after)
    return Batch.of_page(facilities, _BATCH, lambda facility_id: db.write(_release_at, facility_id))


def clear_old(session: Session) -> Batch:
    """Forget who left or came back more than thirty days ago."""
    before = clock.now() - KEPT_FOR
    absence = InmateAbsence
    is_over = or_(
        col(absence.returned_at) < before, and_(col(absence.returned_at).is_(None), col(absence.released_at) < before)
    )
    return Batch(session.connection().execute(delete(absence).where(is_over)).rowcount)


def _is_due() -> tuple[Any, ...]:
    absence = InmateAbsence
    return (
        col(absence.due_at) <= clock.now(),
        col(absence.lists) >= _LISTS,
        col(absence.released_at).is_(None),
        col(absence.returned_at).is_(None),
    )


def _facilities_with_due(session: Session, after: int) -> list[int]:
    due = select(col(Inmate.facility_id)).join(InmateAbsence, col(InmateAbsence.inmate_id) == col(Inmate.id))
    due = due.where(*_is_due(), col(Inmate.facility_id) > after).distinct().order_by(col(Inmate.facility_id))
    return list(session.scalars(due.limit(_BATCH)))


def _release_at(session: Session, facility_id: int) -> int:
    """Release the people of one facility whose days are over. Returns how many."""
    directory.lock_directory(session)
    due = select(col(Inmate.id)).join(InmateAbsence, col(InmateAbsence.inmate_id) == col(Inmate.id))
    rows = session.scalars(due.where(*_is_due(), col(Inmate.facility_id) == facility_id))
    ids = [inmate_id for inmate_id in rows if inmate_id is not None]
    for batch in batches_of(ids):
        held = update(Inmate).where(col(Inmate.id).in_(batch), col(Inmate.custody) == Custody.HELD)
        session.execute(held.values(custody=Custody.RELEASED.value))
        absent = update(InmateAbsence).where(col(InmateAbsence.inmate_id).in_(batch))
        session.execute(absent.values(released_at=clock.now()))
    if ids:
        directory.write_sheets(session, {facility_id} | facilities_left(session, ids))
    return len(ids)


def _row(person: Stored, **values: Any) -> dict[str, Any]:
    fixed = {"lists": 1, "released_at": None, "returned_at": None, "is_told": False}
    return {"inmate_id": person.id, "names": names_text(person)} | fixed | values


def _replace(session: Session, rows: list[dict[str, Any]]) -> None:
    """Store absences. An earlier one of the same person, who had come back, is replaced."""
    if rows:
        earlier = delete(InmateAbsence).where(col(InmateAbsence.inmate_id) == bindparam("gone"))
        session.connection().execute(earlier, [{"gone": row["inmate_id"]} for row in rows])
        session.connection().execute(insert(InmateAbsence), rows)
