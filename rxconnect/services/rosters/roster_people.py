"""Stored people and facilities as plain rows, which `services.custody` compares with the rows of a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Set
from datetime import date
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select
from sqlmodel import Session, col

from rxconnect.domain.inmates import Custody, Person
from rxconnect.models import Contact, Facility, Inmate, InmateMerge, InmateMove, KioskPerson, ScreeningRule, Transfer
from rxconnect.search.directory import Named
from rxconnect.search.normalise import name_key, suffix_of
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
    time_zone: str
    release_after_days: int


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


def load_facilities_by_key(session: Session) -> dict[str, StoredFacility]:
    """All facilities by key."""
    columns = (getattr(Facility, name) for name in StoredFacility._fields)
    return {
        facility.key: facility for facility in (StoredFacility._make(row) for row in session.execute(select(*columns)))
    }


def select_people(session: Session, *which: Any) -> Iterator[Stored]:
    """The stored people who meet the conditions `which`."""
    columns = (getattr(Inmate, name) for name in Stored._fields)
    return (Stored._make(row) for row in session.execute(select(*columns).where(*which)))


def facilities_left(session: Session, inmate_ids: Collection[int]) -> set[int]:
    """The facilities that these people have ever left. They are still on the search sheets there."""
    left: set[int] = set()
    for batch in batches_of(inmate_ids):
        left.update(
            session.scalars(select(col(InmateMove.from_facility_id)).where(col(InmateMove.inmate_id).in_(batch)))
        )
    return left


_ALWAYS_TIED = (
    Contact.inmate_id,
    InmateMove.inmate_id,
    Transfer.inmate_id,
    InmateMerge.inmate_id,
    KioskPerson.inmate_id,
)


def tied_ids(session: Session, inmate_ids: Collection[int]) -> set[int]:
    """Those of these people whose rows must stay: families have them as contacts, a rule names them, they have a PIN or a history."""
    tied: set[int] = set()
    maybe = (InmateMerge.other_id, ScreeningRule.inmate_id)
    for batch in batches_of(inmate_ids):
        for column in _ALWAYS_TIED:
            tied.update(session.scalars(select(col(column)).where(col(column).in_(batch))))
        for optional in maybe:
            found = session.scalars(select(col(optional)).where(col(optional).in_(batch)))
            tied.update(one for one in found if one is not None)
    return tied


def updated_person(before: Stored, facility_id: int, number: str, person: Person, missing_columns: Set[str]) -> Stored:
    """The stored person `before`, updated from a file's `person` at this facility.

    Fields in `missing_columns` stay, unless another column told them, and so do fields that could not be read. Housing is
    the exception: it belongs to a facility, so a person who moved loses it. A year of birth does not replace a full date of
    birth in the same year. An only name takes away none of two of which it is one. `number` is the key.
    """
    stays = missing_columns | person.unread
    if before.facility_id != facility_id:
        stays = stays - {"housing"}
    columns = inmates.person_columns(person)
    columns |= {name: getattr(before, name) for name in stays if not columns[name]}
    if not person.first_name and names_of(person)[1] in names_of(before):
        columns |= {"first_name": before.first_name, "last_name": before.last_name}
    if before.birth_date and person.birth_year == before.birth_date.year:
        columns |= {"birth_date": before.birth_date, "birth_year": None}
    return Stored(before.id, facility_id, number, **columns)


def is_held(person: Person) -> bool:
    """Whether a file lists the person as held."""
    return person.custody is Custody.HELD


def is_same(one: Person | Stored, other: Person | Stored) -> bool:
    """Whether two people with the same number have the same name, and births that do not contradict each other."""
    return not births_contradict(one, other) and names_of(one) == names_of(other)


def is_same_in_a_state(one: Person | Stored, other: Person | Stored) -> bool:
    """Whether two people with the same number in one state are the same. The name may be mistyped or changed."""
    return is_same(one, other) or (
        have_same_birth_date(one, other)
        and any(name == another for name, another in zip(names_of(one), names_of(other), strict=True))
    )


def is_same_anywhere(one: Person | Stored, other: Person | Stored) -> bool:
    """Whether two people with the same number in two states are one.

    Federal numbers are unique, but each state counts from 1, so only an equal full birth date proves it.
    """
    return have_same_birth_date(one, other) and names_of(one) == names_of(other)


def is_same_person(
    one: Person | Stored, facility: StoredFacility, other: Person | Stored, there: StoredFacility
) -> bool:
    """Whether two people with the same number, at two facilities, are the same person."""
    is_one_state = facility.state and facility.state == there.state
    return is_same_in_a_state(one, other) if is_one_state else is_same_anywhere(one, other)


def is_another_person(person: Person, stored: Stored) -> bool:
    """Whether a number was given to another person: both the name and the date of birth differ.

    If only the name differs, it may have been corrected or changed by marriage. A date alone may have been mistyped.
    """
    return births_contradict(person, stored) and names_of(person) != names_of(stored)


def names_of(person: Person | Stored) -> tuple[str, str]:
    """The first and last name, normalised for comparison."""
    return name_key(person.first_name), name_key(person.last_name)


def names_text(person: Person | Stored) -> str:
    """The first and last name as one text, as `InmateAbsence.names` stores it."""
    return "|".join(names_of(person))


def may_be_one(one: Person | Stored, other: Person | Stored) -> bool:
    """Whether two people with equal names and birth dates may be one: no middle name and no suffix contradicts.

    An initial is no other name than the one that it begins, and an unknown name contradicts none.
    """
    suffixes = {suffix_of(f"{person.last_name} {person.suffix}") for person in (one, other)} - {""}
    if len(suffixes) > 1:
        return False
    short, long = sorted((name_key(one.middle_name), name_key(other.middle_name)), key=len)
    return not short or short == long or long.startswith(short if len(short) == 1 else f"{short} ")


def have_same_birth_date(one: Person | Stored, other: Person | Stored) -> bool:
    """Whether both whole birth dates are known and equal."""
    return one.birth_date is not None and one.birth_date == other.birth_date


def births_contradict(one: Person | Stored, other: Person | Stored) -> bool:
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
