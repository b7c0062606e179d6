"""Rosters: plan the changes that a file makes, and apply them.

A person has one row for life. A person who moves to another facility keeps the row, and with it the contacts and the
messages (`roster_moves`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, exists, insert, select, update
from sqlmodel import Session, col

from rxconnect.db import add_once
from rxconnect.domain import clock
from rxconnect.domain.facilities import Opening
from rxconnect.domain.imports import RosterPlan, Suspicious
from rxconnect.models import Contact, Facility, Inmate, InmateMove, Location
from rxconnect.search import directory
from rxconnect.search import facilities as facility_search
from rxconnect.services.directory import inmates
from rxconnect.services.rosters.roster_changes import Changes, Update, find_changes
from rxconnect.services.rosters.roster_files import RosterFile
from rxconnect.services.rosters.roster_people import Stored, StoredFacility, all_facilities, batches_of
from rxconnect.services.rosters.roster_summary import summarise_changes


def plan_roster(session: Session, file: RosterFile, facilities: Collection[str]) -> RosterPlan:
    """Plan what `apply_roster` would do to the rosters of these facilities, by their keys, without changing anything.

    Raises `BadFile` when the file was changed, and `NotFound` when one of the facilities is unknown.
    """
    rosters = {key: file.roster(key) for key in facilities}
    facilities_by_key = all_facilities(session)
    return summarise_changes(session, file, find_changes(session, file, rosters, facilities_by_key), facilities_by_key)


def apply_roster(
    session: Session, file: RosterFile, facilities: Collection[str], *, accept_suspicious: bool = False
) -> RosterPlan:
    """Update the rosters of these facilities to match the file, in one transaction. Returns what was done.

    People who are missing from the file become released, and a facility that was only listed opens. The same file a
    second time changes nothing. Raises the errors of `plan_roster`, and `Suspicious` unless that is accepted.
    """
    # The file is read before the first write, so that no other writer waits for it.
    rosters = {key: file.roster(key) for key in facilities}
    directory.lock_directory(session)
    facilities_by_key = all_facilities(session)
    changes = find_changes(session, file, rosters, facilities_by_key)
    plan = summarise_changes(session, file, changes, facilities_by_key)
    if plan.suspicious and not accept_suspicious:
        raise Suspicious(plan.suspicious)
    _store_changes(session, changes)
    return plan


def facilities_with_neighbours(session: Session, listed: Collection[str]) -> dict[str, bool]:
    """All facilities by key, each with whether its roster may do more than add people, in a file about those `listed`.

    In a state without stored people a roster can only add people, or move them from other states. Then the number of
    people who leave a facility matters, which is checked with that facility's own roster, or with the new one if the
    file has none.
    """
    is_known = exists().where(col(Inmate.facility_id) == col(Facility.id))
    every = session.execute(select(col(Facility.key), col(Facility.state), is_known)).all()
    states = {state for _, state, has_people in every if has_people}
    are_all_listed = all(key in listed for key, _, has_people in every if has_people)
    return {key: state in states or not are_all_listed for key, state, _ in every}


def _store_changes(session: Session, every: Collection[Changes]) -> None:
    moved = [update for changes in every for update in changes.moved]
    updates = [update for changes in every for update in (*changes.changed, *changes.moved, *changes.released)]
    _store_updates(session, updates)
    if moved:
        moves = [{"inmate_id": b.id, "from_facility_id": b.facility_id, "number": b.number} for b, _ in moved]
        session.execute(insert(InmateMove), [move | {"moved_at": clock.now()} for move in moves])
        _add_locations(session, moved)
    renamed = [(before.named, after.named) for before, after in updates if before.named != after.named]
    directory.rename_people(session, [before for before, _ in renamed], [after for _, after in renamed])
    directory.insert_people(
        session,
        [
            {"facility_id": changes.facility.id, "number_key": number, **inmates.person_columns(person)}
            for changes in every
            for number, person in changes.new
        ],
    )
    directory.write_sheets(session, _stale_sheets(session, every, updates))
    _open_facilities(session, [changes.facility for changes in every if changes.roster.people])


def _store_updates(session: Session, updates: Collection[Update]) -> None:
    if updates:
        change = update(Inmate).where(col(Inmate.id) == bindparam("stored_id"))
        change = change.values({name: bindparam(name) for name in Stored._fields if name != "id"})
        rows: list[dict[str, Any]] = [{**after._asdict(), "stored_id": after.id} for _, after in updates]
        for row in rows:
            del row["id"]
        session.connection().execute(change, rows)


def _add_locations(session: Session, moved: Collection[Update]) -> None:
    """Add the new facilities of these people to the locations of accounts that have them as contacts."""
    new_facilities = {after.id: after.facility_id for _, after in moved}
    for batch in batches_of(new_facilities):
        mine = select(col(Contact.account_id), col(Contact.inmate_id)).where(col(Contact.inmate_id).in_(batch))
        for account_id, inmate_id in session.execute(mine.where(col(Contact.removed_at).is_(None))):
            add_once(session, Location(account_id=account_id, facility_id=new_facilities[inmate_id]))


def _stale_sheets(session: Session, every: Collection[Changes], updates: Collection[Update]) -> set[int]:
    """The facilities whose sheets have to be written again.

    A person who moved stays on the sheets of all facilities that they ever left. So a move changes only the sheet of
    the new facility.
    """
    touched = {changes.facility.id for changes in every if changes.new or changes.moved}
    otherwise = [before for before, after in updates if before.on_sheet != after.on_sheet]
    return (
        touched
        | {person.facility_id for person in otherwise}
        | _facilities_left(session, [person.id for person in otherwise])
    )


def _facilities_left(session: Session, inmate_ids: Collection[int]) -> set[int]:
    """The facilities that these people have ever left."""
    left: set[int] = set()
    for batch in batches_of(inmate_ids):
        left.update(
            session.scalars(select(col(InmateMove.from_facility_id)).where(col(InmateMove.inmate_id).in_(batch)))
        )
    return left


def _open_facilities(session: Session, facilities: Collection[StoredFacility]) -> None:
    opening = [facility.id for facility in facilities if facility.opening == Opening.LISTED]
    for batch in batches_of(opening):
        session.execute(update(Facility).where(col(Facility.id).in_(batch)).values(opening=Opening.OPEN.value))
    if opening:
        facility_search.mark_changed(session)
