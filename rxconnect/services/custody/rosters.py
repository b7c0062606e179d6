"""Rosters: plan the changes that a file makes, and apply them.

A person has one row for life. A person who moves to another facility keeps the row, and with it the contacts and the
messages (`roster_moves`).
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import exists, insert, select, update
from sqlmodel import Session, col

from rxconnect.db import add_once
from rxconnect.domain import clock
from rxconnect.domain.facilities import Opening
from rxconnect.domain.imports import RosterPlan, Suspicious
from rxconnect.models import Contact, Facility, Inmate, InmateMove, Location
from rxconnect.search import directory
from rxconnect.search import facilities as facility_search
from rxconnect.services.custody import roster_absences, roster_imports, roster_merges
from rxconnect.services.custody.roster_changes import Changes, Update
from rxconnect.services.custody.roster_comparison import find_changes
from rxconnect.services.custody.roster_imports import Lists
from rxconnect.services.custody.roster_matches import Identities
from rxconnect.services.custody.roster_summary import summarise_changes
from rxconnect.services.custody.roster_updates import stale_sheets, store_updates
from rxconnect.services.directory import inmates
from rxconnect.services.rosters.roster_files import RosterFile
from rxconnect.services.rosters.roster_people import (
    StoredFacility,
    batches_of,
    load_facilities_by_key,
)


def plan_roster(session: Session, file: RosterFile, facilities: Collection[str], identities: Identities) -> RosterPlan:
    """Plan what `apply_roster` would do to the rosters of these facilities, by their keys, without changing anything.

    `identities` are those of the whole file (`roster_identities`). Raises `BadFile` when the file was changed, and
    `NotFound` when one of the facilities is unknown.
    """
    rosters = {key: file.roster(key) for key in facilities}
    facilities_by_key = load_facilities_by_key(session)
    every = find_changes(session, file, rosters, facilities_by_key, identities)
    return summarise_changes(session, file, every, facilities_by_key)


def apply_roster(
    session: Session,
    file: RosterFile,
    facilities: Collection[str],
    identities: Identities,
    *,
    accept_suspicious: bool = False,
    by_account_id: int | None = None,
) -> RosterPlan:
    """Update the rosters of these facilities to match the file, in one transaction. Returns what was done.

    People who are missing from the file are not released by that (`roster_absences`), and a facility that was only
    listed opens. The same file a second time changes nothing. Raises the errors of `plan_roster`, and `Suspicious`
    unless that is accepted.
    """
    # The file is read before the first write, so that no other writer waits for it.
    rosters = {key: file.roster(key) for key in facilities}
    directory.lock_directory(session)
    facilities_by_key = load_facilities_by_key(session)
    every = find_changes(session, file, rosters, facilities_by_key, identities)
    plan = summarise_changes(session, file, every, facilities_by_key)
    if plan.suspicious and not accept_suspicious:
        raise Suspicious(plan.suspicious)
    used = [changes for changes in every if changes.roster.people]
    lists = roster_imports.record_imports(session, file, used, by_account_id)
    _store_changes(session, used, lists)
    plan.merges = [*roster_merges.record_merges(session, used, lists)]
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


def _store_changes(session: Session, every: Collection[Changes], lists: Lists) -> None:
    moved = [update for changes in every for update in changes.moved]
    updates = [update for changes in every for update in changes.updates]
    absorbed = [merge.absorbed for changes in every for merge in changes.merges if merge.absorbed]
    directory.remove_people(session, [person.named for person in absorbed])
    store_updates(session, updates)
    if moved:
        moves = [{"inmate_id": b.id, "from_facility_id": b.facility_id, "number": b.number} for b, _ in moved]
        session.execute(insert(InmateMove), [move | {"moved_at": clock.now()} for move in moves])
        _add_locations(session, moved)
    directory.insert_people(
        session,
        [
            {"facility_id": changes.facility.id, "number_key": number, **inmates.person_columns(person)}
            for changes in every
            for number, person in changes.new
        ],
    )
    _store_absences(session, every, lists)
    stale = stale_sheets(session, updates) | {person.facility_id for person in absorbed}
    stale |= {changes.facility.id for changes in every if changes.new}
    directory.write_sheets(session, stale)
    _open_facilities(session, [changes.facility for changes in every])


def _store_absences(session: Session, every: Collection[Changes], lists: Lists) -> None:
    for changes in every:
        days = changes.facility.release_after_days
        roster_absences.add_absences(session, [after for _, after in changes.missing], days)
        left = [
            after for before, after in (*changes.released, *changes.changed) if before.is_held and not after.is_held
        ]
        roster_absences.add_released(session, left)
        if lists[changes.facility.id].is_new:
            roster_absences.count_list(session, [person.id for person in changes.still_missing])
    back = {person.id for changes in every for person in changes.back}
    back |= {after.id for changes in every for _, after in changes.moved}
    back |= {merge.update.after.id for changes in every for merge in changes.merges}
    roster_absences.end_absences(session, back)


def _add_locations(session: Session, moved: Collection[Update]) -> None:
    """Add the new facilities of these people to the locations of accounts that have them as contacts."""
    new_facilities = {after.id: after.facility_id for _, after in moved}
    for batch in batches_of(new_facilities):
        mine = select(col(Contact.account_id), col(Contact.inmate_id)).where(col(Contact.inmate_id).in_(batch))
        for account_id, inmate_id in session.execute(mine.where(col(Contact.removed_at).is_(None))):
            add_once(session, Location(account_id=account_id, facility_id=new_facilities[inmate_id]))


def _open_facilities(session: Session, facilities: Collection[StoredFacility]) -> None:
    opening = [facility.id for facility in facilities if facility.opening == Opening.LISTED]
    for batch in batches_of(opening):
        session.execute(update(Facility).where(col(Facility.id).in_(batch)).values(opening=Opening.OPEN.value))
    if opening:
        facility_search.mark_changed(session)
