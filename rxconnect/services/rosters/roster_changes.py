"""Compares a file with stored rosters, person by person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlmodel import Session, col

from rxconnect.domain.errors import NotFound
from rxconnect.domain.inmates import Custody, Person
from rxconnect.models import Inmate
from rxconnect.services.rosters.roster_files import FacilityRoster, RosterFile
from rxconnect.services.rosters.roster_moves import Moves
from rxconnect.services.rosters.roster_people import (
    Stored,
    StoredFacility,
    batches_of,
    is_another_person,
    is_held,
    select_people,
    updated_person,
)


class Update(NamedTuple):
    """A person before and after a change. When the person moved, `before` is at another facility."""

    before: Stored
    after: Stored


@dataclass(slots=True)
class Changes:
    """The changes to one roster."""

    facility: StoredFacility
    roster: FacilityRoster
    held: int = 0
    new: list[tuple[str, Person]] = field(default_factory=list)
    changed: list[Update] = field(default_factory=list)
    moved: list[Update] = field(default_factory=list)
    released: list[Update] = field(default_factory=list)
    unchanged: int = 0
    # The number of people held here whom this file lists at another facility. That facility's roster moves them.
    leaving: int = 0


def find_changes(
    session: Session,
    file: RosterFile,
    rosters: Mapping[str, FacilityRoster],
    facilities_by_key: Mapping[str, StoredFacility],
) -> list[Changes]:
    """The changes to these `rosters`. Like `facilities_by_key`, they are keyed by the facility's key. Raises `NotFound`."""
    if not facilities_by_key.keys() >= rosters.keys():
        raise NotFound("facility")
    every = [Changes(facilities_by_key[key], roster) for key, roster in rosters.items()]
    known: dict[int, dict[str, Stored]] = {changes.facility.id: {} for changes in every}
    for batch in batches_of(known):
        for person in select_people(session, col(Inmate.facility_id).in_(batch)):
            known[person.facility_id][person.number_key] = person
    numbers: set[str] = set()
    for changes in every:
        people, here = changes.roster.people, known[changes.facility.id]
        numbers |= people.keys() - here.keys()
        numbers.update(number for number, stored in here.items() if stored.is_held and not _is_listed(people, number))
    moves = Moves(session, file, facilities_by_key, numbers)
    for changes in every:
        if changes.roster.people:
            _compare_people(changes, known[changes.facility.id], moves)
        else:
            note = f"{changes.facility.name} has no usable row in the file, so its roster stays as it is."
            changes.roster.report.notes.append(note)
    return every


def _compare_people(changes: Changes, known: dict[str, Stored], moves: Moves) -> None:
    facility, roster = changes.facility, changes.roster
    changes.held = sum(stored.is_held for stored in known.values())
    people = {n: person for n, person in roster.people.items() if not moves.is_void(n, person, facility)}
    changes.unchanged = len(roster.people) - len(people)
    for number, person in people.items():
        before = known.get(number)
        if before is None:
            _compare_newcomer(changes, number, person, moves)
        elif is_another_person(person, before):
            _free_number(changes, before)
            changes.new.append((number, person))
        else:
            after = updated_person(before, facility.id, number, person, roster.missing_columns)
            if after == before:
                changes.unchanged += 1
            else:
                changes.changed.append(Update(before, after))
    for number, before in known.items():
        if before.is_held and number not in people and number not in roster.unreadable:
            if moves.leaves(before, facility):
                changes.leaving += 1
            else:
                changes.released.append(Update(before, before._replace(custody=Custody.RELEASED.value)))


def _free_number(changes: Changes, before: Stored) -> None:
    """Free a number that was given to another person.

    The former holder keeps the row, with contacts and messages, and is released under a changed number.
    """
    aside = before._replace(custody=Custody.RELEASED.value, number_key=f"{before.number_key}~{before.id}")
    changes.released.append(Update(before, aside))
    changes.roster.report.notes.append(
        f"Number {before.number} at {changes.facility.name} is somebody else's now: the name and the date of birth differ. "
        "Whoever had it counts as released."
    )


def _compare_newcomer(changes: Changes, number: str, person: Person, moves: Moves) -> None:
    if not is_held(person):
        if moves.is_elsewhere(number, person, changes.facility):
            changes.unchanged += 1
        else:
            changes.new.append((number, person))
    elif mover := moves.mover(number, person, changes.facility):
        after = updated_person(mover, changes.facility.id, number, person, changes.roster.missing_columns)
        changes.moved.append(Update(mover, after))
    else:
        changes.new.append((number, person))


def _is_listed(people: dict[str, Person], number: str) -> bool:
    return number in people and is_held(people[number])
