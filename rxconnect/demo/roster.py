"""Invents the people on a roster. Each person differs, but every run creates the same people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from rxconnect.demo import names
from rxconnect.demo.facilities import CEDAR_RIDGE, HARBOR_COUNTY, Roster
from rxconnect.domain.inmates import Custody, Person

_UNITS = ("A", "B", "C", "D", "E")
_YEAR = timedelta(days=365.2425)
_NEWCOMERS = 7_301_944


@dataclass(frozen=True)
class Known:
    """A person in the messages, or one with a similar name."""

    facility: str
    number: str
    first_name: str
    last_name: str
    age: int
    unit: str


MARCUS = Known(CEDAR_RIDGE, "20418873", "Marcus", "Delgado", 34, "C")
MARCUS_DELGADO_REYES = Known(CEDAR_RIDGE, "20418874", "Marcus", "Delgado-Reyes", 27, "A")
TOMAS = Known(CEDAR_RIDGE, "20417655", "Tomás", "Aguilar", 29, "B")
SHAWN = Known(HARBOR_COUNTY, "H-55210", "Shawn", "O'Neill", 24, "2")
JESUS = Known(HARBOR_COUNTY, "H-54399", "Jesús", "Ibáñez", 31, "3")
OTHERS = (
    Known(CEDAR_RIDGE, "20415120", "Erik", "Lindqvist", 41, "D"),
    Known(CEDAR_RIDGE, "20416377", "Terrence", "Gaines", 28, "A"),
    Known(CEDAR_RIDGE, "20412904", "Pao", "Xiong", 36, "E"),
    Known(CEDAR_RIDGE, "20414458", "William", "Featherstone", 52, "B"),
    Known(HARBOR_COUNTY, "H-54812", "Colton", "Saari", 22, "1"),
    JESUS,
)
KNOWN = (MARCUS, MARCUS_DELGADO_REYES, TOMAS, SHAWN, *OTHERS)


def people_of(facility: str, roster: Roster, random: Random, today: date) -> Iterator[Person]:
    """The people on the roster of the facility with this key: known people, then invented ones, never namesakes."""
    known = [person for person in KNOWN if person.facility == facility]
    for person in known:
        birth_date = _birth_date(person.age, 200, today)
        yield Person(
            person.number, person.first_name, person.last_name, birth_date=birth_date, housing=f"Unit {person.unit}"
        )
    taken = {person.number for person in known}
    last = roster.first_number
    for _ in range(roster.people - len(known)):
        last += random.randint(1, 23)
        stranger = _invent_person(roster, roster.number.format(last), random, today)
        if stranger.number not in taken and not _is_namesake(stranger):
            yield stranger


def newcomers(numbers: Iterable[str], today: date) -> list[Person]:
    """Invented people in custody with these numbers, who are not on the rosters above."""
    random, roster = Random(_NEWCOMERS), Roster(people=0)  # noqa: S311 - the same people every time, on purpose
    invented = (_invent_person(roster, number, random, today) for number in numbers)
    return [replace(one, custody=Custody.HELD) for one in invented]


def _invent_person(roster: Roster, number: str, random: Random, today: date) -> Person:
    first_names = names.WOMEN if roster.are_women else names.MEN
    last_name, is_spanish = _random_last_name(random)
    has_suffix = not roster.are_women and random.random() < 0.06
    return Person(
        number=number,
        first_name=_pick_weighted(first_names, random),
        middle_name=_pick_weighted(first_names, random) if random.random() < (0.25 if is_spanish else 0.6) else "",
        last_name=last_name,
        suffix=random.choice(("Jr", "Jr", "Jr", "Sr", "II", "III")) if has_suffix else "",
        birth_date=_birth_date(round(random.triangular(18, 74, 31)), random.randrange(365), today),
        housing=f"Unit {random.choice(_UNITS)}",
        custody=Custody.RELEASED if random.random() < 0.04 else Custody.HELD,
    )


def _random_last_name(random: Random) -> tuple[str, bool]:
    """A last name, and whether it is a Spanish double name."""
    kind = random.random()
    if kind < 0.10:
        return f"{_pick_weighted(names.SPANISH, random)} {_pick_weighted(names.SPANISH, random)}", True
    if kind < 0.16:
        return f"{_pick_weighted(names.SURNAMES, random)}-{_pick_weighted(names.SURNAMES, random)}", False
    return _pick_weighted(names.SURNAMES, random), False


def _pick_weighted(weighted: tuple[list[str], list[float]], random: Random) -> str:
    found, weights = weighted
    return random.choices(found, cum_weights=weights)[0]


def _birth_date(age: int, days: int, today: date) -> date:
    """The birth date of a person who turned `age` `days` ago."""
    return today - age * _YEAR - timedelta(days=days)


def _is_namesake(stranger: Person) -> bool:
    """Whether a search for a known person by name would also find this one."""
    return any(
        stranger.first_name == person.first_name and stranger.last_name.startswith(person.last_name) for person in KNOWN
    )
