"""Who moves from one facility to another: somebody new on a roster whom we know from elsewhere.

What a file says does not depend on the order of its facilities, so every question is asked of the whole file: nobody
moves away from where the file has them as well, and of two places that list one newcomer, the facility we have known
for longer gets them. Somebody may look like two newcomers who do not look like each other, as when one has no birth date.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlmodel import Session, col

from rxconnect.domain.inmates import Person
from rxconnect.models import Inmate
from rxconnect.services.rosters.roster_files import RosterFile
from rxconnect.services.rosters.roster_people import (
    Place,
    Stored,
    is_held,
    is_same_anywhere,
    is_same_in_a_state,
    select_people,
    some_of,
)


class Moves:
    """Who of a file's people is somebody stored elsewhere, as far as these numbers go."""

    def __init__(self, session: Session, roster: RosterFile, everywhere: Mapping[str, Place], numbers: Iterable[str]):
        self._roster, self._everywhere = roster, everywhere
        self._places = {place.id: place for place in everywhere.values()}
        self._stored: dict[str, list[Stored]] = defaultdict(list)
        for some in some_of(numbers):
            for person in select_people(session, col(Inmate.number_key).in_(some)):
                self._stored[person.number_key].append(person)

    def mover(self, number: str, person: Person, place: Place) -> Stored | None:
        """Who comes to this place as `person`, who is new and held there; None for somebody we have never seen."""
        if not self._same_elsewhere(number, person, place):
            return None
        return self._chosen(person, place, self._free(number, place, before=place.id))

    def _free(self, number: str, place: Place, *, before: float = math.inf) -> list[Stored]:
        """Who is neither listed where they are nor chosen by the file's newcomers to places that came `before`.

        Newcomers choose one after the other, so that nobody comes to two places.
        """
        listed = self._listed(number)
        staying = {other.id for other, _ in listed} | {place.id}
        free = [other for other in self._stored[number] if other.facility_id not in staying]
        stored_at = {other.facility_id for other in self._stored[number]}
        newcomers = [(other, named) for other, named in listed if is_held(named) and other.id not in stored_at]
        for other, named in sorted(newcomers, key=lambda newcomer: newcomer[0].id):
            if other.id < before and (chosen := self._chosen(named, other, free)):
                free.remove(chosen)
        return free

    def _chosen(self, person: Person, place: Place, leaving: Iterable[Stored]) -> Stored | None:
        same = (other for other in leaving if _is_one(person, place, other, self._places[other.facility_id]))
        return max(same, key=lambda other: (other.is_held, other.id), default=None)

    def leaves(self, stored: Stored, place: Place) -> bool:
        """Whether somebody whom the roster of their own place has no more comes to another one in this file."""
        number = stored.number_key
        return any(
            is_held(person)
            and _is_one(person, other, stored, place)
            and not self._is_stored_at(number, other)
            and self.mover(number, person, other) == stored
            for other, person in self._listed(number)
        )

    def is_void(self, number: str, person: Person, place: Place) -> bool:
        """Whether a row that has somebody as gone says nothing, as another row of the file says where they are held."""
        return not is_held(person) and any(
            is_held(named) and _is_one(person, place, named, other) for other, named in self._listed(number)
        )

    def is_elsewhere(self, number: str, person: Person, place: Place) -> bool:
        """Whether somebody who is new here, and gone already, is at a place that this file does not know better about."""
        if not self._same_elsewhere(number, person, place):
            return False
        return self._chosen(person, place, self._free(number, place)) is not None

    def _same_elsewhere(self, number: str, person: Person, place: Place) -> list[Stored]:
        return [
            other
            for other in self._stored.get(number, ())
            if other.facility_id != place.id and _is_one(person, place, other, self._places[other.facility_id])
        ]

    def _listed(self, number: str) -> list[tuple[Place, Person]]:
        """Who has this number, as the file has it. Rows that are void are not among them."""
        under = self._roster.under(number)
        listed = [(self._everywhere[key], person) for key, person in under if key in self._everywhere]
        held = [(place, person) for place, person in listed if is_held(person)]
        return [
            (place, person)
            for place, person in listed
            if is_held(person) or not any(_is_one(person, place, named, other) for other, named in held)
        ]

    def _is_stored_at(self, number: str, place: Place) -> bool:
        return any(other.facility_id == place.id for other in self._stored.get(number, ()))


def _is_one(one: Person, place: Place, other: Person | Stored, there: Place) -> bool:
    """Whether people with one number, at one place and at another, are one person."""
    is_one_state = place.state and place.state == there.state
    return is_same_in_a_state(one, other) if is_one_state else is_same_anywhere(one, other)
