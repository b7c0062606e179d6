"""Finds people who move from one facility to another: newcomers to a roster who are stored at another facility.

The result must not depend on the order of facilities in the file, so every check looks at the whole file. A person does
not move away from a facility where the file still lists them. When two facilities list one newcomer, the facility with
the lower id gets the person. A stored person may match two newcomers who do not match each other, for example when one
of them has no birth date.
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
    Stored,
    StoredFacility,
    batches_of,
    is_held,
    is_same_person,
    select_people,
)


class Moves:
    """Matches a file's people with people stored elsewhere, for these numbers."""

    def __init__(
        self,
        session: Session,
        file: RosterFile,
        facilities_by_key: Mapping[str, StoredFacility],
        numbers: Iterable[str],
    ):
        self._file, self._facilities_by_key = file, facilities_by_key
        self._facilities = {facility.id: facility for facility in facilities_by_key.values()}
        self._stored: dict[str, list[Stored]] = defaultdict(list)
        for batch in batches_of(numbers):
            for person in select_people(session, col(Inmate.number_key).in_(batch)):
                self._stored[person.number_key].append(person)

    def mover(self, number: str, person: Person, facility: StoredFacility) -> Stored | None:
        """The stored person who moves to this facility as `person`, a newcomer held there; None for an unknown person."""
        if not self._same_elsewhere(number, person, facility):
            return None
        return self._choose_mover(person, facility, self._free_to_move(number, facility, before=facility.id))

    def _free_to_move(self, number: str, facility: StoredFacility, *, before: float = math.inf) -> list[Stored]:
        """Stored people who may move here: no facility lists them where they are, and no earlier newcomer has them.

        Newcomers to facilities with an id below `before` choose first, one after the other, so that nobody moves twice.
        """
        listed = self._people_listed(number)
        staying = {other.id for other, _ in listed} | {facility.id}
        free = [other for other in self._stored[number] if other.facility_id not in staying]
        stored_at = {other.facility_id for other in self._stored[number]}
        newcomers = [(other, named) for other, named in listed if is_held(named) and other.id not in stored_at]
        for other, named in sorted(newcomers, key=lambda newcomer: newcomer[0].id):
            if other.id < before and (chosen := self._choose_mover(named, other, free)):
                free.remove(chosen)
        return free

    def _choose_mover(self, person: Person, facility: StoredFacility, leaving: Iterable[Stored]) -> Stored | None:
        same = (
            other for other in leaving if is_same_person(person, facility, other, self._facilities[other.facility_id])
        )
        return max(same, key=lambda other: (other.is_held, other.id), default=None)

    def leaves(self, stored: Stored, facility: StoredFacility) -> bool:
        """Whether a stored person who is missing from their own facility's roster moves to another facility in this file."""
        number = stored.number_key
        return any(
            is_held(person)
            and is_same_person(person, other, stored, facility)
            and not self._is_stored_at(number, other)
            and self.mover(number, person, other) == stored
            for other, person in self._people_listed(number)
        )

    def is_void(self, number: str, person: Person, facility: StoredFacility) -> bool:
        """Whether to skip the row of a released person, because another row lists them as held elsewhere."""
        return not is_held(person) and any(
            is_held(named) and is_same_person(person, facility, named, other)
            for other, named in self._people_listed(number)
        )

    def is_elsewhere(self, number: str, person: Person, facility: StoredFacility) -> bool:
        """Whether a released newcomer is stored at another facility, where this file does not list them."""
        if not self._same_elsewhere(number, person, facility):
            return False
        return self._choose_mover(person, facility, self._free_to_move(number, facility)) is not None

    def _same_elsewhere(self, number: str, person: Person, facility: StoredFacility) -> list[Stored]:
        return [
            other
            for other in self._stored.get(number, ())
            if other.facility_id != facility.id
            and is_same_person(person, facility, other, self._facilities[other.facility_id])
        ]

    def _people_listed(self, number: str) -> list[tuple[StoredFacility, Person]]:
        """The people whom the file lists under this number, without void rows (`is_void`)."""
        under = self._file.people_with_number(number)
        listed = [(self._facilities_by_key[key], person) for key, person in under if key in self._facilities_by_key]
        held = [(facility, person) for facility, person in listed if is_held(person)]
        return [
            (facility, person)
            for facility, person in listed
            if is_held(person) or not any(is_same_person(person, facility, named, other) for other, named in held)
        ]

    def _is_stored_at(self, number: str, facility: StoredFacility) -> bool:
        return any(other.facility_id == facility.id for other in self._stored.get(number, ()))
