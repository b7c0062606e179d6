"""Finds people by number, first name, last name, or several of them: at one facility, or everywhere.

What was typed may have several readings (`typed`). A search for one of them has two steps. The first finds some dozens of
candidates: at one facility in its sheet (`at_facility`), everywhere in the index of words (`everywhere`). The second compares
each of them in full (`names.compare_names`): cost 0 is exact, then come beginnings, then the nearest. `why` explains an
inexact match.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from sqlmodel import Session

from rxconnect.domain.inmates import MAX_DEPTH, Custody, InmateQuery
from rxconnect.search import at_facility, born, everywhere, names, numbers, typed
from rxconnect.search.born import Born
from rxconnect.search.likeness import EXACT, TOO_FAR, UNLIKE, Likeness
from rxconnect.search.names import Booked, TypedName
from rxconnect.search.raw_sql import fetch_rows
from rxconnect.search.reasons import sentence
from rxconnect.search.scope import Scope
from rxconnect.search.typed import Reading

_COMPARED = 40  # the least number of people who are compared in full
_TO_ORDER_BY_BIRTH = 5  # so many times more of them when a year of birth decides who comes first
_GOOD_NAME = 12
_ANOTHER_NAME, _ANOTHER_NUMBER = Likeness(47, "another name"), Likeness(47, "another number")
_PEOPLE = "SELECT id, custody, number_key, first_name, middle_name, last_name, suffix, aliases FROM inmate WHERE id IN"
_BIRTHS = "SELECT id, birth_date, birth_year FROM inmate WHERE id IN"


class Match(NamedTuple):
    """A person found. `cost` is 0 for an exact match; otherwise `why` explains the difference in words."""

    inmate_id: int
    cost: int
    why: str


class _Person(NamedTuple):
    id: int
    is_held: bool
    number: str
    names: list[Booked]


_Found = tuple[int, Likeness]


def find(session: Session, scope: Scope, query: InmateQuery, *, limit: int = MAX_DEPTH) -> list[Match]:
    """The people who match, best first, at most `limit`. The order is deterministic."""
    readings = typed.readings(query)
    if len(readings) == 1:
        found = _find_by_reading(session, scope, readings[0], limit)
    else:
        found = _find_by_readings(session, scope, readings, limit)
    fields = (query.number, query.first_name, query.last_name)
    return [Match(inmate_id, like.cost, sentence(like, *fields)) for inmate_id, like in found[:limit]]


def _find_by_readings(session: Session, scope: Scope, readings: list[Reading], limit: int) -> list[_Found]:
    """The people of all readings, each with the least cost. Nothing is read into an exact number."""
    best: dict[int, Likeness] = {}
    for reading in readings:
        for inmate_id, likeness in _find_by_reading(session, scope, reading, limit):
            best[inmate_id] = min(likeness, best.get(inmate_id, likeness))
        if reading.number and EXACT in best.values():
            break
    return _ranked((best[person.id], person) for person in _select_people(session, best))


def _find_by_reading(session: Session, scope: Scope, reading: Reading, limit: int) -> list[_Found]:
    ways, number = reading.names, reading.number
    # Many people share first and last name, and only the full comparison looks at middle names. Of a whole name in one
    # field, only the ways after the first tell the first name from the last.
    most_parts = max([1, *(len(wanted.first.parts) for wanted in ways[1:] or ways)])
    breadth = most_parts**2 if len(ways) == 1 else min(most_parts, 2)
    enough = max(2 * limit, _COMPARED) * breadth * (_TO_ORDER_BY_BIRTH if reading.born else 1)
    if not number and scope.facility_id is not None:
        found = at_facility.find_people(session, scope.facility_id, ways, enough)
    elif not number:
        people = _select_people(session, _candidates(session, scope, ways, enough))
        found = _ranked((_compare_name(ways, person), person) for person in people)
    else:
        found = _find_by_number(session, scope, ways, number, enough)
    return _ordered_by_birth(session, found, reading.born) if reading.born else found


def _ordered_by_birth(session: Session, found: list[_Found], hint: Born) -> list[_Found]:
    ids = ", ".join(str(inmate_id) for inmate_id, _ in found)
    births = {row[0]: born.compare(hint, *row[1:]) for row in fetch_rows(session, f"{_BIRTHS} ({ids})")} if ids else {}
    both = [(inmate_id, born.with_hint(likeness, births[inmate_id])) for inmate_id, likeness in found]
    return sorted(both, key=lambda one: one[1].cost)


def _find_by_number(
    session: Session, scope: Scope, ways: Sequence[TypedName], number: str, enough: int
) -> list[_Found]:
    by_number = numbers.find_by_number(session, scope, number)
    numbered = _select_people(session, by_number)
    if not ways:
        return _ranked((by_number[person.id], person) for person in numbered)
    both = _ranked((by_number[person.id].and_also(_compare_name(ways, person)), person) for person in numbered)
    if both:
        return both
    others = [(_ANOTHER_NAME, person) for person in numbered if by_number[person.id] == EXACT]
    named = _select_people(session, _candidates(session, scope, ways, enough))
    return _ranked([*others, *((_compare_name_and_number(number, ways, person), person) for person in named)])


def _candidates(session: Session, scope: Scope, ways: Sequence[TypedName], enough: int) -> list[int]:
    if scope.facility_id is not None:
        return [inmate_id for inmate_id, _ in at_facility.find_people(session, scope.facility_id, ways, enough)]
    return at_facility.nearest(everywhere.candidates(session, ways, scope.state, enough), enough)


def _compare_name(ways: Sequence[TypedName], person: _Person) -> Likeness:
    return min(names.compare_with_ways(ways, name) for name in person.names)


def _compare_name_and_number(number: str, ways: Sequence[TypedName], person: _Person) -> Likeness:
    """Compare name and number. A right name outweighs a wrong number."""
    by_name, by_number = _compare_name(ways, person), numbers.compare_numbers(number, person.number)
    if by_number is not UNLIKE and by_name.cost < TOO_FAR:
        return by_number.and_also(by_name)
    return by_name.plus(*_ANOTHER_NUMBER) if by_name.cost <= _GOOD_NAME else UNLIKE


def _select_people(session: Session, ids: Collection[int]) -> list[_Person]:
    listed = ", ".join(map(str, sorted(ids)))
    rows = fetch_rows(session, f"{_PEOPLE} ({listed})") if listed else ()
    return [_Person(row[0], row[1] == Custody.HELD, row[2], names.booked_names(*row[3:])) for row in rows]


def _ranked(compared: Iterable[tuple[Likeness, _Person]]) -> list[_Found]:
    """Nearest first; equal matches are ordered by custody (held first), last name, first name and number."""

    def sort_key(found: tuple[Likeness, _Person]) -> tuple:
        likeness, person = found
        name = person.names[0]
        return likeness.cost, not person.is_held, name.last, name.first, person.number, person.id

    near = [(likeness, person) for likeness, person in compared if likeness.cost < TOO_FAR]
    return [(person.id, likeness) for likeness, person in sorted(near, key=sort_key)]
