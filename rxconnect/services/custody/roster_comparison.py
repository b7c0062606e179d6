"""Compares a file with stored rosters, person by person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlmodel import Session, col, select

from rxconnect.domain.errors import NotFound
from rxconnect.domain.inmates import Custody, Person
from rxconnect.domain.sentences import Sentence
from rxconnect.models import Inmate, InmateMerge
from rxconnect.services.custody.roster_absences import absences_at
from rxconnect.services.custody.roster_changes import Changes, Merge, Update
from rxconnect.services.custody.roster_matches import Identities, Newcomer
from rxconnect.services.custody.roster_moves import Moves
from rxconnect.services.rosters.roster_files import RosterFile
from rxconnect.services.rosters.roster_lists import FacilityRoster
from rxconnect.services.rosters.roster_people import (
    Stored,
    StoredFacility,
    batches_of,
    is_another_person,
    is_held,
    select_people,
    tied_ids,
    updated_person,
)


class _Context(NamedTuple):
    """What the comparison of one roster needs to know of the others."""

    moves: Moves
    identities: Identities
    # The stored people who are gone and new elsewhere, as they are now, by id.
    merging: dict[int, Stored]
    # Numbers, with their facilities, of people who have new ones.
    former: set[tuple[int, str]]


def find_changes(
    session: Session,
    file: RosterFile,
    rosters: Mapping[str, FacilityRoster],
    facilities_by_key: Mapping[str, StoredFacility],
    identities: Identities,
) -> list[Changes]:
    """The changes to these `rosters`. Like `facilities_by_key`, they are keyed by the facility's key. Raises `NotFound`."""
    if not facilities_by_key.keys() >= rosters.keys():
        raise NotFound("facility")
    every = [Changes(facilities_by_key[key], roster) for key, roster in rosters.items()]
    known: dict[int, dict[str, Stored]] = {changes.facility.id: {} for changes in every}
    for batch in batches_of(known):
        for person in select_people(session, col(Inmate.facility_id).in_(batch)):
            known[person.facility_id][person.number_key] = person
    absences = absences_at(session, known)
    numbers: set[str] = set()
    for changes in every:
        people, here = changes.roster.people, known[changes.facility.id]
        numbers |= people.keys() - here.keys()
        numbers.update(number for number, stored in here.items() if stored.is_held and not _is_listed(people, number))
    moves = Moves(session, file, facilities_by_key, numbers)
    context = _Context(moves, identities, _merging_people(session, identities), _former_numbers(session, known))
    for changes in every:
        changes.asked = identities.asked.get(changes.facility.id, [])
        if changes.roster.people:
            here = known[changes.facility.id]
            changes.absences = {one.id: absences[one.id] for one in here.values() if one.id in absences}
            _compare_people(changes, here, context)
        else:
            changes.roster.report.notes.append(
                Sentence(
                    "{facility} has no usable row in the file, so its roster stays as it is.",
                    facility=changes.facility.name,
                )
            )
    return every


def _merging_people(session: Session, identities: Identities) -> dict[int, Stored]:
    """The people who have new numbers, and the rows that they absorb, as stored now."""
    absorbed = {one.stored_id for one in identities.gone.values() if one.stored_id is not None}
    ids = (absorbed - tied_ids(session, absorbed)) | identities.gone.keys()
    return {
        person.id: person for batch in batches_of(ids) for person in select_people(session, col(Inmate.id).in_(batch))
    }


def _former_numbers(session: Session, facility_ids: Collection[int]) -> set[tuple[int, str]]:
    former: set[tuple[int, str]] = set()
    for batch in batches_of(facility_ids):
        merges = select(InmateMerge.from_facility_id, InmateMerge.from_number_key).where(
            col(InmateMerge.from_facility_id).in_(batch), col(InmateMerge.split_at).is_(None)
        )
        former.update((facility_id, number) for facility_id, number in session.exec(merges))
    return former


def _compare_people(changes: Changes, known: dict[str, Stored], context: _Context) -> None:
    facility, roster = changes.facility, changes.roster
    changes.held = sum(stored.is_held and stored.id not in changes.absences for stored in known.values())
    people = {n: person for n, person in roster.people.items() if not context.moves.is_void(n, person, facility)}
    changes.unchanged = len(roster.people) - len(people)
    for number, person in people.items():
        before = known.get(number)
        if before is None:
            _compare_newcomer(changes, number, person, context)
        elif is_another_person(person, before):
            _free_number(changes, before)
            changes.new.append((number, person))
        else:
            _compare_known(changes, before, number, person, context)
    for number, before in known.items():
        if before.is_held and number not in people and number not in roster.unreadable:
            _compare_missing(changes, before, context)


def _compare_known(changes: Changes, before: Stored, number: str, person: Person, context: _Context) -> None:
    if before.is_held and not is_held(person) and before.id in context.identities.gone:
        # The list says that they left, and they are somewhere else under another number.
        changes.unchanged += 1
        _compare_missing(changes, before, context)
        return
    after = updated_person(before, changes.facility.id, number, person, changes.roster.missing_columns)
    if after.is_held and before.id in changes.absences:
        changes.back.append(before)
    if after == before:
        changes.unchanged += 1
    elif before.is_held and after.custody == Custody.RELEASED:
        changes.released.append(Update(before, after))
    else:
        changes.changed.append(Update(before, after))


def _compare_missing(changes: Changes, before: Stored, context: _Context) -> None:
    newcomer = context.identities.gone.get(before.id)
    if context.moves.leaves(before, changes.facility):
        changes.leaving += 1
    elif newcomer and newcomer.stored_id is not None and _absorb(changes, before, newcomer, context):
        return
    elif newcomer and newcomer.stored_id is None:
        changes.leaving += newcomer.facility.id != changes.facility.id
    elif before.id in changes.absences:
        changes.still_missing.append(before)
    else:
        changes.missing.append(Update(before, before))


def _absorb(changes: Changes, before: Stored, newcomer: Newcomer, context: _Context) -> bool:
    """Whether a missing person becomes the newcomer who is stored already. Their row is taken over."""
    absorbed = context.merging.get(newcomer.stored_id or 0)
    if absorbed is None or absorbed != newcomer.person:
        return False
    update = Update(before, absorbed._replace(id=before.id))
    (changes.changed if before.facility_id == absorbed.facility_id else changes.moved).append(update)
    changes.merges.append(Merge(update, absorbed))
    return True


def _free_number(changes: Changes, before: Stored) -> None:
    """Free a number that was given to another person.

    The former holder keeps the row, with contacts and messages, under a changed key, and counts as missing.
    """
    aside = before._replace(number_key=f"{before.number_key[:12]}~{before.id}")
    is_newly_missing = before.is_held and before.id not in changes.absences
    (changes.missing if is_newly_missing else changes.aside).append(Update(before, aside))
    changes.roster.report.notes.append(
        Sentence(
            "Number {number} at {facility} is somebody else's now: the name and the date of birth differ. Whoever had it is not "
            "on the list any more.",
            number=before.number,
            facility=changes.facility.name,
        )
    )


def _compare_newcomer(changes: Changes, number: str, person: Person, context: _Context) -> None:
    moves, facility = context.moves, changes.facility
    if not is_held(person):
        if (facility.id, number) in context.former or moves.is_elsewhere(number, person, facility):
            changes.unchanged += 1
        else:
            changes.new.append((number, person))
    elif mover := moves.mover(number, person, facility):
        after = updated_person(mover, facility.id, number, person, changes.roster.missing_columns)
        changes.moved.append(Update(mover, after))
    elif before := _same_under_another_number(facility, number, context):
        after = updated_person(before, facility.id, number, person, changes.roster.missing_columns)
        update = Update(before, after)
        (changes.changed if before.facility_id == facility.id else changes.moved).append(update)
        changes.merges.append(Merge(update))
    else:
        changes.new.append((number, person))


def _same_under_another_number(facility: StoredFacility, number: str, context: _Context) -> Stored | None:
    """The stored person whose new number this is, unless somebody changed them after the file was looked at."""
    found = context.identities.newcomers.get((facility.id, number))
    return found if found and context.merging.get(found.id) == found else None


def _is_listed(people: dict[str, Person], number: str) -> bool:
    return number in people and is_held(people[number])
