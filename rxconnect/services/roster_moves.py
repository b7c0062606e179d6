"""Who moves from one facility to another: somebody new on a roster whom we know from elsewhere.

What a file says does not depend on the order of its facilities, so every question is asked of the whole file: nobody
moves away from where the file has them as well, and of two places that list one newcomer, the facility we have known
for longer gets them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlmodel import Session, col

from rxconnect.domain.inmates import Person
from rxconnect.models import Inmate
from rxconnect.services.roster_files import RosterFile
from rxconnect.services.roster_people import Place, Stored, is_held, is_same, select_people, some_of


class Moves:
    """Who of a file's people is somebody stored elsewhere in the same state, as far as these numbers go."""

    def __init__(self, session: Session, roster: RosterFile, everywhere: dict[str, Place], numbers: Iterable[str]):
        self._roster, self._everywhere = roster, everywhere
        self._states = {place.id: place.state for place in everywhere.values()}
        self._stored: dict[str, list[Stored]] = defaultdict(list)
        for some in some_of(numbers):
            for person in select_people(session, col(Inmate.number_key).in_(some)):
                self._stored[person.number_key].append(person)

    def mover(self, number: str, person: Person, place: Place) -> Stored | None:
        """Who comes to this place as `person`, who is new and held there; None for somebody we have never seen."""
        same = self._same_elsewhere(number, person, place)
        if not same:
            return None
        listed = [(other, named) for other, named in self._listed_elsewhere(number, place) if is_held(named)]
        rivals = (other for other, named in listed if is_same(person, named) and not self._is_stored_at(number, other))
        if any(rival.id < place.id for rival in rivals):
            return None
        staying = {other.id for other, _ in listed}
        movers = (other for other in same if other.facility_id not in staying)
        return max(movers, key=lambda other: (other.is_held, other.id), default=None)

    def leaves(self, stored: Stored, place: Place) -> bool:
        """Whether somebody whom the roster of their own place lacks, or has as gone, comes to another one in this file."""
        number = stored.number_key
        return any(
            is_held(person) and not self._is_stored_at(number, other) and self.mover(number, person, other) == stored
            for other, person in self._listed_elsewhere(number, place)
        )

    def is_elsewhere(self, number: str, person: Person, place: Place) -> bool:
        """Whether somebody who is new here, and gone already, is at another place as far as we or the file know."""
        listed = self._listed_elsewhere(number, place)
        if any(is_held(named) and is_same(person, named) for _, named in listed):
            return True
        ids = {other.id for other, _ in listed}
        return any(other.facility_id not in ids for other in self._same_elsewhere(number, person, place))

    def _same_elsewhere(self, number: str, person: Person, place: Place) -> list[Stored]:
        return [
            other
            for other in self._stored.get(number, ())
            if other.facility_id != place.id
            and place.state
            and self._states[other.facility_id] == place.state
            and is_same(person, other)
        ]

    def _listed_elsewhere(self, number: str, place: Place) -> list[tuple[Place, Person]]:
        """Under this number at other places of the state, as the file has it."""
        listed = ((self._everywhere.get(key), person) for key, person in self._roster.elsewhere(number, place.key))
        return [(other, person) for other, person in listed if other and place.state and other.state == place.state]

    def _is_stored_at(self, number: str, place: Place) -> bool:
        return any(other.facility_id == place.id for other in self._stored.get(number, ()))
