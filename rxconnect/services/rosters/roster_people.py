"""Stored people and facilities as plain rows, which an import reads many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from datetime import date
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select
from sqlmodel import Session

from rxconnect.domain.inmates import Custody, Person
from rxconnect.models import Facility, Inmate
from rxconnect.search.directory import Named
from rxconnect.search.normalise import name_key
from rxconnect.services.directory import inmates

T = TypeVar("T")

_AT_ONCE = 500  # values in one query


class StoredFacility(NamedTuple):
    """The columns of a facility that an import needs."""

    id: int
    key: str
    name: str
    state: str
    opening: str
    price_cents: int


class Stored(NamedTuple):
    """A person as stored: the columns of `Inmate`."""

    id: int
    facility_id: int
    number_key: str
    number: str
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    aliases: str
    birth_date: date | None
    birth_year: int | None
    housing: str
    custody: str

    @property
    def is_held(self) -> bool:
        """Whether the person is held now."""
        return self.custody == Custody.HELD

    @property
    def named(self) -> Named:
        """The person's names, as the search directory takes them."""
        return Named(self.id, self.first_name, self.middle_name, self.last_name, self.aliases)

    @property
    def on_sheet(self) -> tuple[Named, str, str, bool]:
        """The person's values on a search sheet (`search.sheets`)."""
        return self.named, self.suffix, self.number_key, self.is_held


def all_facilities(session: Session) -> dict[str, StoredFacility]:
    """All facilities by key."""
    columns = (getattr(Facility, name) for name in StoredFacility._fields)
    return {
        facility.key: facility for facility in (StoredFacility._make(row) for row in session.execute(select(*columns)))
    }


def select_people(session: Session, which: Any) -> Iterator[Stored]:
    """The stored people who meet the condition `which`."""
    columns = (getattr(Inmate, name) for name in Stored._fields)
    return (Stored._make(row) for row in session.execute(select(*columns).where(which)))


def updated_person(before: Stored, facility_id: int, number: str, person: Person, missing_columns: Set[str]) -> Stored:
    """The stored person `before`, updated from a file's `person` at this facility. Fields in `missing_columns` stay.

    Housing is the exception: it belongs to a facility, so a person who moved loses it. A year of birth does not replace
    a full date of birth in the same year. `number` is the key.
    """
    stays = missing_columns if before.facility_id == facility_id else missing_columns - {"housing"}
    columns = inmates.person_columns(person) | {name: getattr(before, name) for name in stays}
    if before.birth_date and person.birth_year == before.birth_date.year:
        columns |= {"birth_date": before.birth_date, "birth_year": None}
    return Stored(before.id, facility_id, number, **columns)


def is_held(person: Person) -> bool:
    """Whether a file lists the person as held."""
    return person.custody == Custody.HELD


def is_same(one: Person, other: Person | Stored) -> bool:
    """Whether two people with the same number have the same name, and births that do not contradict each other."""
    return not _births_contradict(one, other) and names_of(one) == names_of(other)


def is_same_in_a_state(one: Person, other: Person | Stored) -> bool:
    """Whether two people with the same number in one state are the same. The name may be mistyped or changed."""
    return is_same(one, other) or (
        _have_same_birth_date(one, other)
        and any(name == another for name, another in zip(names_of(one), names_of(other), strict=True))
    )


def is_same_anywhere(one: Person, other: Person | Stored) -> bool:
    """Whether two people with the same number in two states are one.

    Federal numbers are unique, but each state counts from 1, so only an equal full birth date proves it.
    """
    return _have_same_birth_date(one, other) and names_of(one) == names_of(other)


def is_another_person(person: Person, stored: Stored) -> bool:
    """Whether a number was given to another person: both the name and the date of birth differ.

    If only the name differs, it may have been corrected or changed by marriage. A date alone may have been mistyped.
    """
    return _births_contradict(person, stored) and names_of(person) != names_of(stored)


def names_of(person: Person | Stored) -> tuple[str, str]:
    """The first and last name, normalised for comparison."""
    return name_key(person.first_name), name_key(person.last_name)


def _have_same_birth_date(one: Person, other: Person | Stored) -> bool:
    return one.birth_date is not None and one.birth_date == other.birth_date


def _births_contradict(one: Person, other: Person | Stored) -> bool:
    """Whether the births of two people contradict each other. A year alone matches every date in it."""
    if one.birth_date and other.birth_date:
        return one.birth_date != other.birth_date
    years = _year_of_birth(one), _year_of_birth(other)
    return None not in years and years[0] != years[1]


def _year_of_birth(person: Person | Stored) -> int | None:
    return person.birth_date.year if person.birth_date else person.birth_year


def batches_of(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in batches that fit into one query."""
    every = iter(values)
    return iter(lambda: list(islice(every, _AT_ONCE)), [])
