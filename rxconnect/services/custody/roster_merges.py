"""Merges: people who were found to be one under two numbers, listed for operators, and split again if that was wrong."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, or_, true
from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.domain.errors import NotFound
from rxconnect.domain.imports import MergeView
from rxconnect.domain.inmates import Custody, Person
from rxconnect.domain.sentences import Sentence
from rxconnect.models import Facility, Inmate, InmateMerge, InmateMove
from rxconnect.search import directory
from rxconnect.services.custody import roster_absences
from rxconnect.services.custody.roster_changes import Changes, Merge
from rxconnect.services.custody.roster_imports import Lists, columns_from, columns_to
from rxconnect.services.directory import inmates
from rxconnect.services.rosters.roster_people import Stored, facilities_left, select_people


def record_merges(session: Session, every: Collection[Changes], lists: Lists) -> list[Sentence]:
    """Keep the merges of an import. Returns a line about each, with the command that splits it."""
    lines = []
    for changes in every:
        for merge in changes.merges:
            before, after = merge.update
            row = InmateMerge(
                inmate_id=before.id,
                import_id=lists[changes.facility.id].import_id,
                from_facility_id=before.facility_id,
                from_number=before.number,
                from_number_key=before.number_key,
                to_facility_id=after.facility_id,
                to_number=after.number,
                before=columns_to(before),
            )
            session.add(row)
            session.flush()
            command = f"rxconnect roster split {row.id}"
            lines.append(Sentence("{merge} ({command})", merge=merge_line(merge), command=command))
    return lines


def merge_line(merge: Merge) -> Sentence:
    """`number 0042 → 42: Ann Abel, the same name and birth date`."""
    before, after = merge.update
    name = f"{after.first_name} {after.last_name}"
    return Sentence(
        "number {before} → {after}: {name}, the same name and birth date",
        before=before.number,
        after=after.number,
        name=name,
    )


def list_merges(session: Session, facility_ids: Collection[int] | None = None, limit: int = 200) -> list[MergeView]:
    """The latest merges, newest first; with `facility_ids`, those to or from these facilities."""
    if facility_ids is None:
        return merges_that(session, true(), limit)
    to_or_from = col(InmateMerge.to_facility_id), col(InmateMerge.from_facility_id)
    return merges_that(session, or_(*(column.in_(facility_ids) for column in to_or_from)), limit)


def merges_that(session: Session, which: ColumnElement[bool], limit: int = 200) -> list[MergeView]:
    """The merges that meet the condition `which`, newest first."""
    query = select(InmateMerge, Inmate).join(Inmate, col(Inmate.id) == col(InmateMerge.inmate_id)).where(which)
    rows = session.exec(query.order_by(col(InmateMerge.id).desc()).limit(limit)).all()
    names = {
        facility.id: facility.name
        for facility in session.exec(
            select(Facility).where(
                col(Facility.id).in_({n for merge, _ in rows for n in (merge.from_facility_id, merge.to_facility_id)})
            )
        )
    }
    return [
        MergeView(
            id=merge.id or 0,
            name=person.full_name,
            from_number=merge.from_number,
            from_facility=names[merge.from_facility_id],
            to_number=merge.to_number,
            to_facility=names[merge.to_facility_id],
            at=merge.merged_at,
            is_split=merge.split_at is not None,
            may_split=not merge.split_at
            and (person.facility_id, person.number) == (merge.to_facility_id, merge.to_number),
        )
        for merge, person in rows
    ]


def split(session: Session, merge_id: int) -> MergeView:
    """Make two people of one again. Contacts, messages and credits stay with the person who had them first.

    That person has the old number, facility and housing again, and is missing from the list there. The other gets a new
    row. They are not merged by themselves again. Raises `NotFound` when there is no such merge, when it was split
    before, or when the person has had another number or facility since.
    """
    directory.lock_directory(session)
    merge = session.get(InmateMerge, merge_id)
    if merge is None or merge.split_at:
        raise NotFound("merge")
    (now,) = select_people(session, col(Inmate.id) == merge.inmate_id)
    if (now.facility_id, now.number) != (merge.to_facility_id, merge.to_number):
        raise NotFound("merge to split")
    before = Stored(**columns_from(merge.before))
    restored = before._replace(custody=Custody.HELD.value)
    session.execute(delete(InmateMove).where(*_move_of(merge)))
    _store(session, now, restored)
    directory.insert_people(
        session,
        [{"facility_id": now.facility_id, "number_key": now.number_key, **inmates.person_columns(_person(now))}],
    )
    days = session.get_one(Facility, before.facility_id).release_after_days
    roster_absences.add_absences(session, [restored], days)
    merge.split_at = clock.now()
    merge.other_id = session.exec(
        select(Inmate.id).where(Inmate.facility_id == now.facility_id, Inmate.number_key == now.number_key)
    ).one()
    session.flush()
    directory.write_sheets(session, {now.facility_id, before.facility_id} | facilities_left(session, [now.id]))
    (view,) = merges_that(session, col(InmateMerge.id) == merge_id)
    return view


def _move_of(merge: InmateMerge) -> tuple[ColumnElement[bool], ...]:
    """The conditions for the move that a merge made. It has the time of the merge, give or take a minute."""
    near = timedelta(minutes=1)
    return (
        col(InmateMove.inmate_id) == merge.inmate_id,
        col(InmateMove.from_facility_id) == merge.from_facility_id,
        col(InmateMove.moved_at).between(merge.merged_at - near, merge.merged_at + near),
    )


def _store(session: Session, now: Stored, restored: Stored) -> None:
    row = session.get_one(Inmate, now.id)
    for name, value in restored._asdict().items():
        setattr(row, name, value)
    session.flush()
    if now.named != restored.named:
        directory.rename_people(session, [now.named], [restored.named])


def _person(stored: Stored) -> Person:
    columns = stored._asdict()
    for name in ("id", "facility_id", "number_key"):
        del columns[name]
    return Person(**columns | {"custody": Custody(stored.custody)})
