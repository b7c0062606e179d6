"""Who moves from one facility to another: somebody new on a roster whom we know from elsewhere.

What a file says does not depend on the order of its facilities, so every question is asked of the whole file: nobody
moves away from where the file has them as well, and of two places that list one newcomer, the facility we have known
for longer gets them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlmodel import Session, col

from rxconnect.domain.inmates import Person
from rxconnect.models import Inmate
from rxconnect.services.roster_files import RosterFile
from rxconnect.services.roster_people import (
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
        same = self._same_elsewhere(number, person, place)
        if not same:
            return None
        listed = self._listed(number)
        rivals = (other for other, named in listed if is_held(named) and _is_one(person, place, named, other))
        if any(rival.id < place.id and not self._is_stored_at(number, rival) for rival in rivals):
            return None
        staying = {other.id for other, _ in listed}
        movers = (other for other in same if other.facility_id not in staying)
        return max(movers, key=lambda other: (other.is_held, other.id), default=None)

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
        same = self._same_elsewhere(number, person, place)
        listed = {other.id for other, _ in self._listed(number)} if same else set()
        return any(other.facility_id not in listed for other in same)

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
