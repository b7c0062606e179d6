"""Compares a file with stored rosters, person by person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlmodel import Session, col

from rxconnect.domain.errors import NotFound
from rxconnect.domain.inmates import Custody, Person
from rxconnect.models import Inmate
from rxconnect.services.rosters.roster_files import Listing, RosterFile
from rxconnect.services.rosters.roster_moves import Moves
from rxconnect.services.rosters.roster_people import (
    Place,
    Stored,
    brought_up_to_date,
    is_held,
    is_somebody_else,
    select_people,
    some_of,
)


class Update(NamedTuple):
    """A person before and after a change. When the person moved, `before` is at another facility."""

    before: Stored
    after: Stored


@dataclass(slots=True)
class Changes:
    """The changes to one roster."""

    place: Place
    listing: Listing
    held: int = 0
    new: list[tuple[str, Person]] = field(default_factory=list)
    changed: list[Update] = field(default_factory=list)
    moved: list[Update] = field(default_factory=list)
    released: list[Update] = field(default_factory=list)
    unchanged: int = 0
    # How many people held here this file lists at another facility. That facility's roster moves them.
    leaving: int = 0


def compare(
    session: Session, roster: RosterFile, listings: Mapping[str, Listing], everywhere: Mapping[str, Place]
) -> list[Changes]:
    """The changes to these facilities' rosters. Listings and places are by the facilities' keys. Raises `NotFound`."""
    if not everywhere.keys() >= listings.keys():
        raise NotFound("facility")
    every = [Changes(everywhere[key], listing) for key, listing in listings.items()]
    known: dict[int, dict[str, Stored]] = {changes.place.id: {} for changes in every}
    for some in some_of(known):
        for person in select_people(session, col(Inmate.facility_id).in_(some)):
            known[person.facility_id][person.number_key] = person
    numbers: set[str] = set()
    for changes in every:
        people, here = changes.listing.people, known[changes.place.id]
        numbers |= people.keys() - here.keys()
        numbers.update(number for number, stored in here.items() if stored.is_held and not _is_listed(people, number))
    moves = Moves(session, roster, everywhere, numbers)
    for changes in every:
        if changes.listing.people:
            _compare_people(changes, known[changes.place.id], moves)
        else:
            note = f"{changes.place.name} has no usable row in the file, so its roster stays as it is."
            changes.listing.report.notes.append(note)
    return every


def _compare_people(changes: Changes, known: dict[str, Stored], moves: Moves) -> None:
    place, listing = changes.place, changes.listing
    changes.held = sum(stored.is_held for stored in known.values())
    people = {n: person for n, person in listing.people.items() if not moves.is_void(n, person, place)}
    changes.unchanged = len(listing.people) - len(people)
    for number, person in people.items():
        before = known.get(number)
        if before is None:
            _compare_newcomer(changes, number, person, moves)
        elif is_somebody_else(person, before):
            _give_number_away(changes, before)
            changes.new.append((number, person))
        else:
            after = brought_up_to_date(before, place.id, number, person, listing.unsaid)
            if after == before:
                changes.unchanged += 1
            else:
                changes.changed.append(Update(before, after))
    for number, before in known.items():
        if before.is_held and number not in people and number not in listing.unreadable:
            if moves.leaves(before, place):
                changes.leaving += 1
            else:
                changes.released.append(Update(before, before._replace(custody=Custody.RELEASED.value)))


def _give_number_away(changes: Changes, before: Stored) -> None:
    """Free a number that was given to another person.

    The former holder keeps the row, with contacts and letters, and is released under a changed number.
    """
    aside = before._replace(custody=Custody.RELEASED.value, number_key=f"{before.number_key}~{before.id}")
    changes.released.append(Update(before, aside))
    changes.listing.report.notes.append(
        f"Number {before.number} at {changes.place.name} is somebody else's now: the name and the date of birth differ. "
        "Whoever had it counts as released."
    )


def _compare_newcomer(changes: Changes, number: str, person: Person, moves: Moves) -> None:
    if not is_held(person):
        if moves.is_elsewhere(number, person, changes.place):
            changes.unchanged += 1
        else:
            changes.new.append((number, person))
    elif mover := moves.mover(number, person, changes.place):
        after = brought_up_to_date(mover, changes.place.id, number, person, changes.listing.unsaid)
        changes.moved.append(Update(mover, after))
    else:
        changes.new.append((number, person))


def _is_listed(people: dict[str, Person], number: str) -> bool:
    return number in people and is_held(people[number])
