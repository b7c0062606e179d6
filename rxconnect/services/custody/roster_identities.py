"""Finds who is gone and who is new in a whole file, to know people again under another number (`roster_matches`).

The whole file is looked at before any of it is stored, so that the order of facilities in it does not matter. Who left
an earlier list within thirty days is gone as well, and who came to one within thirty days is new.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from rxconnect.domain import clock
from rxconnect.domain.inmates import Custody
from rxconnect.domain.sentences import Sentence
from rxconnect.models import Facility, Inmate, InmateAbsence, InmateMerge, RosterImport
from rxconnect.search import directory
from rxconnect.services.custody.roster_absences import KEPT_FOR, absences_at
from rxconnect.services.custody.roster_matches import Gone, Identities, Names, Newcomer, match_people, realm_of
from rxconnect.services.rosters.roster_files import RosterFile
from rxconnect.services.rosters.roster_people import (
    Stored,
    StoredFacility,
    batches_of,
    have_same_birth_date,
    is_held,
    is_same_person,
    load_facilities_by_key,
    names_text,
    select_people,
    tied_ids,
)


def find_identities(session: Session, file: RosterFile) -> Identities:
    """The people of the file who are gone under one number and new under another. Raises `BadFile` when it changed."""
    facilities = load_facilities_by_key(session)
    listed = [facilities[key] for key in file.facilities if key in facilities]
    by_id = {facility.id: facility for facility in facilities.values()}
    gone: Gone = defaultdict(dict)
    lists = [_compare_numbers(session, file, facility) for facility in listed]
    missing = list(_people(session, [inmate_id for found in lists for inmate_id in found.missing]))
    missing = [person for person in missing if not _moves_with_number(file, facilities, by_id, person)]
    for person in missing:
        gone[realm_of(by_id[person.facility_id]), names_text(person)][person.id] = person
    earlier = _names_gone_earlier(session, listed)
    newcomers: dict[Names, list[Newcomer]] = defaultdict(list)
    realms = {realm for realm, _ in gone} | {realm for realm, _ in earlier}
    for newcomer in _newcomers(file, [found for found in lists if realm_of(found.facility) in realms]):
        key = realm_of(newcomer.facility), names_text(newcomer.person)
        if key in gone or key in earlier:
            newcomers[key].append(newcomer)
    _drop_movers(session, newcomers, by_id)
    _add_gone_earlier(session, file, gone, {key for key in newcomers if newcomers[key] and key in earlier}, by_id)
    # Who was missing before was compared with newcomers then, and is compared with those of this file.
    absent = absences_at(session, [facility.id for facility in listed])
    newly = [person for person in missing if person.birth_date and person.id not in absent]
    _add_recent(session, newcomers, newly, gone, by_id, lambda one: _moves_with_number(file, facilities, by_id, one))
    return match_people(gone, newcomers, by_id, _doubts(session, gone, newcomers))


class _Compared(NamedTuple):
    """The numbers of a facility in the file and stored: the ids of who is held and not listed, and the new numbers.

    `new` is None when nobody is stored there: a state's first file need not be in memory.
    """

    facility: StoredFacility
    missing: list[int]
    new: set[str] | None


def _compare_numbers(session: Session, file: RosterFile, facility: StoredFacility) -> _Compared:
    here = select(col(Inmate.id), col(Inmate.number_key), col(Inmate.custody)).where(
        col(Inmate.facility_id) == facility.id
    )
    stored = session.connection().execute(here).all()
    if not stored:
        return _Compared(facility, [], None)
    numbers = file.numbers(facility.key)
    if not numbers.held:
        return _Compared(facility, [], set())  # a roster of which nothing can be used changes nothing
    listed = numbers.held | numbers.unusable
    held = ((inmate_id, number) for inmate_id, number, custody in stored if inmate_id and custody == Custody.HELD)
    missing = [inmate_id for inmate_id, number in held if number not in listed]
    return _Compared(facility, missing, numbers.held.difference(number for _, number, _ in stored))


def _people(session: Session, ids: Collection[int]) -> Iterator[Stored]:
    for batch in batches_of(ids):
        yield from select_people(session, col(Inmate.id).in_(batch))


def _newcomers(file: RosterFile, lists: Collection[_Compared]) -> Iterator[Newcomer]:
    """The people whom the file lists as held where their number is not stored."""
    for facility, _, new in lists:
        numbers = file.numbers(facility.key).held if new is None else new
        for number, person in file.people_held(facility.key, numbers):
            yield Newcomer(facility, number, person)


def _moves_with_number(
    file: RosterFile,
    facilities: Mapping[str, StoredFacility],
    by_id: Mapping[int, StoredFacility],
    person: Stored,
) -> bool:
    """Whether the file lists a missing person elsewhere under the same number, which is a move (`roster_moves`)."""
    here = by_id[person.facility_id]
    return any(
        is_held(named) and key in facilities and is_same_person(named, facilities[key], person, here)
        for key, named in file.people_with_number(person.number_key)
    )


def _drop_movers(session: Session, newcomers: dict[Names, list[Newcomer]], by_id: Mapping[int, StoredFacility]) -> None:
    """Drop those newcomers who come from another facility under the same number."""
    stored: dict[str, list[Stored]] = defaultdict(list)
    for batch in batches_of({one.number for some in newcomers.values() for one in some}):
        for person in select_people(session, col(Inmate.number_key).in_(batch)):
            stored[person.number_key].append(person)
    for some in newcomers.values():
        some[:] = [
            one
            for one in some
            if not any(
                is_same_person(one.person, one.facility, other, by_id[other.facility_id])
                for other in stored[one.number]
            )
        ]


def _names_gone_earlier(session: Session, listed: Collection[StoredFacility]) -> set[Names]:
    """The names of those who left a list of these facilities' states within thirty days, and are not back."""
    names = select(col(Facility.state), col(Facility.key), col(InmateAbsence.names))
    names = names.join(Inmate, col(Inmate.id) == col(InmateAbsence.inmate_id))
    names = names.join(Facility, col(Facility.id) == col(Inmate.facility_id)).where(*_is_gone_lately())
    states = {facility.state for facility in listed if facility.state}
    alone = [facility.id for facility in listed if not facility.state]
    places = [col(Facility.state).in_(states), *(col(Facility.id).in_(batch) for batch in batches_of(alone))]
    found = (row for place in places for row in session.connection().execute(names.where(place)))
    return {(state or key, text) for state, key, text in found}


def _add_gone_earlier(
    session: Session, file: RosterFile, gone: Gone, keys: Collection[Names], by_id: Mapping[int, StoredFacility]
) -> None:
    """Add those who left an earlier list, unless this file lists them again under their number."""
    lately = select(col(InmateAbsence.inmate_id)).where(*_is_gone_lately())
    for batch in batches_of({names for _, names in keys}):
        which = col(Inmate.id).in_(lately.where(col(InmateAbsence.names).in_(batch)))
        for person in select_people(session, which):
            key = realm_of(by_id[person.facility_id]), names_text(person)
            if key in keys and not _is_listed(file, by_id[person.facility_id], person.number_key):
                gone[key].setdefault(person.id, person)


def _is_listed(file: RosterFile, facility: StoredFacility, number: str) -> bool:
    """Whether the file has a row with this number at this facility, also one that cannot be used."""
    if facility.key not in file.facilities:
        return False
    numbers = file.numbers(facility.key)
    return number in numbers.held or number in numbers.unusable


def _is_gone_lately() -> tuple[ColumnElement[bool], ...]:
    recent = col(InmateAbsence.since) >= clock.now() - KEPT_FOR
    return recent, col(InmateAbsence.returned_at).is_(None)


def _add_recent(
    session: Session,
    newcomers: dict[Names, list[Newcomer]],
    missing: Collection[Stored],
    gone: Gone,
    by_id: Mapping[int, StoredFacility],
    moves: Callable[[Stored], bool],
) -> None:
    """Add the namesakes of missing people who came to a list of the same state within thirty days, later than they.

    A namesake who `moves` in this file keeps the own row, which nobody else takes over.
    """
    realms = {realm_of(by_id[person.facility_id]) for person in missing}
    arrivals = _arrivals(session, [one.id for one in by_id.values() if realm_of(one) in realms])
    if not arrivals:
        return
    first = min(arrived[0] for arrived in arrivals.values())
    ids: set[int] = set()
    for some in batches_of(missing):
        birth_dates = {person.birth_date for person in some if person.birth_date}
        ids |= directory.namesakes(session, [one.named for one in some], birth_dates, newer_than=first)
    away = select(col(InmateAbsence.inmate_id)).where(col(InmateAbsence.returned_at).is_(None))
    for batch in batches_of(ids):
        here = col(Inmate.id).in_(batch), col(Inmate.custody) == Custody.HELD, col(Inmate.id).not_in(away)
        for person in select_people(session, *here):
            facility = by_id[person.facility_id]
            key = realm_of(facility), names_text(person)
            others, arrived = gone.get(key, {}), arrivals.get(person.facility_id, [])
            # The highest id before the import that brought them: who has a lower one was there first.
            before = arrived[bisect_left(arrived, person.id) - 1] if arrived and arrived[0] < person.id else 0
            is_later = any(have_same_birth_date(person, other) and other.id <= before for other in others.values())
            if person.id not in others and is_later and not moves(person):
                newcomers[key].append(Newcomer(facility, person.number_key, person))


def _arrivals(session: Session, facility_ids: Collection[int]) -> dict[int, list[int]]:
    """For each of these facilities, the highest ids of people before its imports of the last thirty days, in order."""
    found: dict[int, list[int]] = defaultdict(list)
    imports = select(col(RosterImport.facility_id), col(RosterImport.newest_inmate_id))
    imports = imports.where(col(RosterImport.at) >= clock.now() - KEPT_FOR).order_by(col(RosterImport.id))
    for batch in batches_of(facility_ids):
        for facility_id, newest in session.execute(imports.where(col(RosterImport.facility_id).in_(batch))):
            found[facility_id].append(newest)
    return {facility_id: sorted(newest) for facility_id, newest in found.items()}


def _doubts(session: Session, gone: Gone, newcomers: Mapping[Names, Collection[Newcomer]]) -> dict[int, Sentence]:
    """Why people are not merged by themselves, by id: they were split before, or families know both rows."""
    doubts: dict[int, Sentence] = {}
    for batch in batches_of([inmate_id for key in newcomers for inmate_id in gone.get(key, ())]):
        apart = select(col(InmateMerge.inmate_id)).where(col(InmateMerge.split_at).is_not(None))
        split = session.scalars(apart.where(col(InmateMerge.inmate_id).in_(batch)))
        doubts.update((inmate_id, Sentence("but they were split before")) for inmate_id in split)
    stored = [one.stored_id for some in newcomers.values() for one in some if one.stored_id is not None]
    doubts.update(
        (inmate_id, Sentence("but families know the new one, too")) for inmate_id in tied_ids(session, stored)
    )
    return doubts
