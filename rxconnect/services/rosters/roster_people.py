"""The people whom we have stored, and the facilities where they are, as an import looks at them: plain rows, many at once."""

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

_AT_ONCE = 500  # values in one question


class StoredFacility(NamedTuple):
    """What matters here of a facility."""

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
        """Whether they are there now."""
        return self.custody == Custody.HELD

    @property
    def named(self) -> Named:
        """Their names, for the directory."""
        return Named(self.id, self.first_name, self.middle_name, self.last_name, self.aliases)

    @property
    def on_sheet(self) -> tuple[Named, str, str, bool]:
        """All that the sheets have of them."""
        return self.named, self.suffix, self.number_key, self.is_held


def all_facilities(session: Session) -> dict[str, StoredFacility]:
    """All facilities by key."""
    columns = (getattr(Facility, name) for name in StoredFacility._fields)
    return {
        facility.key: facility for facility in (StoredFacility._make(row) for row in session.execute(select(*columns)))
    }


def select_people(session: Session, which: Any) -> Iterator[Stored]:
    """Everyone of whom this is true."""
    columns = (getattr(Inmate, name) for name in Stored._fields)
    return (Stored._make(row) for row in session.execute(select(*columns).where(which)))


def brought_up_to_date(
    before: Stored, facility_id: int, number: str, person: Person, missing_columns: Set[str]
) -> Stored:
    """The stored person `before` as a file has them at this facility. Fields in `missing_columns` stay as they are.

    Housing is the exception: it belonged to the old facility, so somebody who moved loses it. A year of birth does not
    replace a full date of birth in the same year. `number` is the key.
    """
    stays = missing_columns if before.facility_id == facility_id else missing_columns - {"housing"}
    columns = inmates.columns(person) | {name: getattr(before, name) for name in stays}
    if before.birth_date and person.birth_year == before.birth_date.year:
        columns |= {"birth_date": before.birth_date, "birth_year": None}
    return Stored(before.id, facility_id, number, **columns)


def is_held(person: Person) -> bool:
    """Whether a file has somebody as held now."""
    return person.custody == Custody.HELD


def is_same(one: Person, other: Person | Stored) -> bool:
    """Whether two people who have the same number have the same name, and no two birth dates."""
    return not _have_two_births(one, other) and names_of(one) == names_of(other)


def is_same_in_a_state(one: Person, other: Person | Stored) -> bool:
    """Whether two people who have the same number at two facilities of a state are one, a name mistyped or changed maybe."""
    return is_same(one, other) or (
        _have_one_birth_date(one, other)
        and any(name == another for name, another in zip(names_of(one), names_of(other), strict=True))
    )


def is_same_anywhere(one: Person, other: Person | Stored) -> bool:
    """Whether two people who have the same number in two states are one.

    Federal numbers are for the whole country, but each state counts from 1, so only a whole birth date tells.
    """
    return _have_one_birth_date(one, other) and names_of(one) == names_of(other)


def is_somebody_else(person: Person, stored: Stored) -> bool:
    """Whether a number has been given to another person: the name differs, and so does the date of birth.

    A name alone may have been corrected or changed by marriage, a date alone mistyped; both at once is another person.
    """
    return _have_two_births(person, stored) and names_of(person) != names_of(stored)


def names_of(person: Person | Stored) -> tuple[str, str]:
    """First and last name as they are compared."""
    return name_key(person.first_name), name_key(person.last_name)


def _have_one_birth_date(one: Person, other: Person | Stored) -> bool:
    return one.birth_date is not None and one.birth_date == other.birth_date


def _have_two_births(one: Person, other: Person | Stored) -> bool:
    """Whether the births of two people contradict each other. A year alone contradicts no date in it."""
    if one.birth_date and other.birth_date:
        return one.birth_date != other.birth_date
    years = _year_of_birth(one), _year_of_birth(other)
    return None not in years and years[0] != years[1]


def _year_of_birth(person: Person | Stored) -> int | None:
    return person.birth_date.year if person.birth_date else person.birth_year


def some_of(values: Iterable[T]) -> Iterator[list[T]]:
    """All values, as many at once as fit into one question to the database."""
    every = iter(values)
    return iter(lambda: list(islice(every, _AT_ONCE)), [])
