"""An invented directory: facilities of every size, and their people, as in rosters.

Everything follows from the seed and the number of people. Each facility has its own random generator, so rows can be
streamed.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from math import gcd
from pathlib import Path
from random import Random

from tests.bench.search import given
from tests.bench.search.names import Names, Weighted
from tests.bench.search.spelling import accented, surname, title

PEOPLE_A_FACILITY = 333
FACILITY_COLUMNS = ("key", "name", "state", "city", "kind", "zip", "county", "opening")
COLUMNS = (
    "facility", "number", "first_name", "middle_name", "last_name", "suffix", "aliases", "birth_date", "housing", "status"
)  # fmt: skip

_STATES = {
    "TX": 160, "CA": 150, "FL": 125, "GA": 85, "OH": 70, "PA": 75, "NY": 60, "IL": 48, "AZ": 50, "MI": 48, "LA": 50,
    "NC": 50, "VA": 55, "MO": 36, "TN": 45, "AL": 40, "IN": 42, "OK": 34, "WI": 34, "KY": 36, "SC": 30, "CO": 30,
    "MS": 30, "NJ": 25, "WA": 24, "AR": 26, "MD": 26, "NV": 18, "OR": 18, "KS": 17, "MA": 14, "CT": 12, "IA": 15,
    "MN": 15, "NM": 12, "ID": 12, "UT": 12, "WV": 11, "NE": 9, "SD": 6, "MT": 6, "DE": 6, "HI": 5, "AK": 5, "NH": 4,
    "ND": 3, "RI": 3, "ME": 3, "WY": 4, "VT": 2,
}  # fmt: skip


@dataclass(frozen=True)
class _Kind:
    """A kind of facility: its number, and the median and spread (sigma of the logarithm) of sizes."""

    name: str
    share: float
    median: float
    spread: float
    form: str


_KINDS = (
    _Kind("County jail", 0.58, 105, 1.0, "{place} County Jail"),
    _Kind("State prison", 0.22, 950, 0.6, "{place} Correctional Institution"),
    _Kind("State prison", 0.05, 900, 0.95, "{place} State Prison"),
    _Kind("Federal prison", 0.03, 1_050, 0.4, "FCI {place}"),
    _Kind("Work camp", 0.06, 130, 0.6, "{place} Work Camp"),
    _Kind("Community corrections", 0.06, 70, 0.6, "{place} Community Corrections Center"),
)


@dataclass(frozen=True)
class Register:
    """How an authority numbers people: the number of digits, and `step`, which scatters numbers without repeats."""

    beginning: str
    digits: int
    step: int
    start: int
    hyphen_at: int = 0

    def number(self, index: int) -> str:
        digits = f"{(index * self.step + self.start) % 10**self.digits:0{self.digits}}"
        if self.hyphen_at:
            digits = f"{digits[: self.hyphen_at]}-{digits[self.hyphen_at :]}"
        return self.beginning + digits


@dataclass(frozen=True)
class Facility:
    """A facility and the habits of its clerks. `first_index` is the register's index of its first person."""

    key: str
    name: str
    state: str
    city: str
    kind: str
    size: int
    register: Register
    first_index: int
    women: float
    in_capitals: bool
    keeps_accents: bool
    housing: str = field(repr=False)


def facilities(people: int, seed: int, names: Names) -> list[Facility]:
    """The facilities for so many people, with realistic sizes."""
    rng = Random(f"{seed} facilities {people}")
    kinds = rng.choices(_KINDS, [kind.share for kind in _KINDS], k=max(3, people // PEOPLE_A_FACILITY))
    sizes = _scaled([rng.lognormvariate(0, kind.spread) * kind.median for kind in kinds], people)
    states = rng.choices(list(_STATES), list(_STATES.values()), k=len(kinds))
    registers = {state: _register(Random(f"{seed} {state}"), 6 + (number % 3)) for number, state in enumerate(_STATES)}
    federal = Register("", 8, 7_654_321, seed, hyphen_at=5)
    used: dict[Register, int] = {}
    keys: dict[str, int] = {}
    found = []
    for kind, size, state in zip(kinds, sizes, states, strict=True):
        place = title(_one(rng, names.surnames))
        name = kind.form.format(place=place)
        slug = re.sub(r"[^a-z0-9]+", "-", f"{name} {state}".lower()).strip("-")
        keys[slug] = keys.get(slug, 0) + 1
        register = (
            _register(rng, rng.choice((5, 6, 7)), booked_daily=True)
            if kind.name == "County jail"
            else federal
            if kind.name == "Federal prison"
            else registers[state]
        )
        found.append(
            Facility(
                key=slug if keys[slug] == 1 else f"{slug}-{keys[slug]}",
                name=name,
                state=state,
                city=place + rng.choice(("ville", "ton", " City", "burg", " Springs", "")),
                kind=kind.name,
                size=size,
                register=register,
                first_index=used.get(register, 0),
                women=rng.choices((0.0, 0.9, 0.1), (80, 4, 0))[0] if "rison" in kind.name else rng.uniform(0.04, 0.16),
                in_capitals=rng.random() < 0.3,
                keeps_accents=rng.random() < 0.4,
                housing=rng.choice(("{0}-{1:03d}", "Pod {1}", "Unit {0}", "{0}{1}", "Dorm {0} Bed {1}")),
            )
        )
        used[register] = used.get(register, 0) + size
    return found


def people(facility: Facility, seed: int, names: Names) -> Iterator[tuple[str, ...]]:
    """The rows of one facility's roster, in `COLUMNS`."""
    rng = Random(f"{seed} {facility.key}")
    persons = _Persons(rng, names, facility)
    for index in range(facility.first_index, facility.first_index + facility.size):
        yield (facility.key, facility.register.number(index), *persons.one())


def write(people_wanted: int, seed: int, names: Names, folder: Path) -> None:
    """Write `facilities.csv` and `roster.csv` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    places = facilities(people_wanted, seed, names)
    with (folder / "facilities.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(FACILITY_COLUMNS)
        for number, place in enumerate(places):
            zip_code = f"{number * 7919 % 90_000 + 10_000}"
            writer.writerow((place.key, place.name, place.state, place.city, place.kind, zip_code, "", "open"))
    with (folder / "roster.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for place in places:
            writer.writerows(people(place, seed, names))


def read(folder: Path) -> Iterator[tuple[str, ...]]:
    """The rows of a written roster, without the header."""
    with (folder / "roster.csv").open(newline="", encoding="utf-8") as file:
        yield from (tuple(row) for row in islice(csv.reader(file), 1, None))


class _Persons:
    """Draws the people of one facility. Names come in large batches, which is three times as fast."""

    def __init__(self, rng: Random, names: Names, facility: Facility) -> None:
        self.rng, self.names, self.facility = rng, names, facility
        draws = {
            "surname": names.surnames,
            "hispanic surname": names.hispanic_surnames,
            "man": names.men,
            "hispanic man": names.hispanic_men,
            "woman": names.women,
            "hispanic woman": names.hispanic_women,
        }
        self.batches = {what: _endless(rng, of, facility.size) for what, of in draws.items()}

    def one(self) -> tuple[str, ...]:
        """One person: the columns after the number."""
        rng = self.rng
        hispanic, woman = rng.random() < 0.26, rng.random() < self.facility.women
        first, middle = self._first(hispanic, woman), ""
        if hispanic and rng.random() < 0.05:
            first += f" {self._first(hispanic, woman)}"
        if rng.random() < 0.52:
            middle = self._first(hispanic, woman)
            middle = middle if rng.random() < 0.5 else middle[0]
        last = self._last(hispanic)
        suffix = ""
        if not woman and rng.random() < 0.05:
            suffix = rng.choices(("Jr", "Jr.", "Sr", "II", "III", "IV"), (45, 25, 8, 8, 12, 2))[0]
        aliases = self._aliases(first, last, hispanic, woman)
        texts = (self._as_here(text) for text in (first, middle, last, suffix, aliases))
        return (*texts, self._birth_date(), self._housing(), "released" if rng.random() < 0.04 else "active")

    def _first(self, hispanic: bool, woman: bool) -> str:
        luck = self.rng.random()
        if not hispanic and luck < 0.02:
            return given.invented(self.rng)
        if luck < 0.055:
            return self.rng.choice(self.names.rare_first_names).capitalize()
        capitals = next(self.batches[("hispanic " if hispanic else "") + ("woman" if woman else "man")])
        return title(accented(capitals)) if hispanic else capitals.capitalize()

    def _last(self, hispanic: bool) -> str:
        one = self._single_surname(hispanic)
        if self.rng.random() > (0.7 if hispanic else 0.02):
            return one
        return one + (" " if self.rng.random() < 0.5 else "-") + self._single_surname(hispanic)

    def _single_surname(self, hispanic: bool) -> str:
        if self.rng.random() < (0.03 if hispanic else 0.11):
            return self.rng.choice(self.names.rare_surnames).capitalize()
        capitals = next(self.batches["hispanic surname" if hispanic else "surname"])
        written = surname(self.rng, capitals)
        return title(accented(written.upper())) if hispanic else written

    def _aliases(self, first: str, last: str, hispanic: bool, woman: bool) -> str:
        """Aliases for about one in twenty people, and for more women, who have a name before marriage."""
        luck = self.rng.random()
        found = []
        if luck < 0.05:
            also = given.nickname(self.rng, first) or self._first(hispanic, woman)
            found.append(f"{also} {last}" if luck < 0.02 else f"{also} {self._single_surname(hispanic)}")
            if luck < 0.01:
                found.append(f"{first} {self._single_surname(hispanic)}")
        elif woman and luck < 0.15:
            found.append(f"{first} {self._single_surname(hispanic)}")
        return "; ".join(found)

    def _as_here(self, text: str) -> str:
        """The text as this facility's clerks write it: many systems store only plain capitals."""
        text = text if self.facility.keeps_accents else without_accents(text)
        return text.upper() if self.facility.in_capitals else text

    def _birth_date(self) -> str:
        age = 18 + min(65.0, self.rng.lognormvariate(2.8, 0.65))
        return (date(2025, 1, 1) - timedelta(days=int(age * 365.25))).isoformat()

    def _housing(self) -> str:
        return self.facility.housing.format(self.rng.choice("ABCDEFGH"), self.rng.randrange(1, 240))


def without_accents(text: str) -> str:
    """`Núñez` -> `Nunez`."""
    if text.isascii():
        return text
    return "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch)).replace("’", "'")


def _endless(rng: Random, of: Weighted, size: int) -> Iterator[str]:
    batch = min(max(size, 16), 2_000)
    while True:
        yield from rng.choices(of.names, cum_weights=of.sums, k=batch)


def _one(rng: Random, of: Weighted) -> str:
    return rng.choices(of.names, cum_weights=of.sums)[0]


def _scaled(sizes: list[float], total: int) -> list[int]:
    """Integers in these proportions, each at least 5, with the sum `total`."""
    factor = total / sum(sizes)
    whole = [max(5, int(size * factor)) for size in sizes]
    largest = whole.index(max(whole))
    whole[largest] += total - sum(whole)
    return whole


def _register(rng: Random, digits: int, *, booked_daily: bool = False) -> Register:
    """A register of numbers with so many digits, in one of the formats of states and counties.

    People in a jail were booked recently, so their numbers are close together; a state's numbers are scattered over its
    prisons.
    """
    modulus = 10**digits
    steps = range(2, 40) if booked_daily else range(modulus // 3, modulus)
    step = next(step for step in iter(lambda: rng.choice(steps), None) if gcd(step, modulus) == 1)
    letter, year = rng.choice("ABCDEFGHJKLMNPRSTW"), rng.randrange(2016, 2025)
    shares = {"": 6, f"{letter}-": 2, letter: 2, letter + rng.choice("ABCDKLMS"): 1, f"{year}-": 2 if digits < 7 else 0}
    beginning = rng.choices(list(shares), list(shares.values()))[0]
    return Register(beginning, digits, step, rng.randrange(modulus))
