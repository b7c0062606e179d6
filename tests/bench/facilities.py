"""Recall of the search for facilities: by agencies' spellings of their names, and by names with errors.

The list of spellings is split by facility. The weights were chosen on one half, so the other half is the held-out set.
The baseline is the best of rapidfuzz's ratios (token_ratio) over the names, written out with our table of abbreviations.
"""

from __future__ import annotations

import csv
import hashlib
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import fuzz, process

from rxconnect import db
from rxconnect.domain import states
from rxconnect.search.facility_words import split_aside, spoken_words, without_small
from rxconnect.services.directory import facilities
from tests.bench import servers
from tests.bench.report import Report, Row, answered, measured, percentile

_DATA = Path(__file__).parents[3] / "shared" / "data"
_NATIONAL = 6_000
_SPOILED = 500

# Finds facilities by a text, in a state or "" for all. Returns their ids in the list, best first.
Finder = Callable[[str, str], list[str]]


class _Facility(NamedTuple):
    id: str
    name: str
    city: str
    county: str
    state: str
    zip_code: str


class _Query(NamedTuple):
    text: str
    state: str
    id: str


def find(data: Path, report: Report) -> None:
    """Load the list's facilities into a database at `data` and search it, then again with a whole country's."""
    if not _DATA.exists():
        report.rows.append(answered("Facilities by their spellings", "not measured: ../shared/data is not there"))
        return
    with servers.used(data):
        db.upgrade()
        known = list(_facilities())
        _create(known)
        spelled = [
            _Query(row["spelling"], states.code_of(row["state"]), row["facility_id"])
            for row in _rows("facility-spellings")
        ]
        for with_state, at_first, at_fifth in ((True, 0.80, 0.92), (False, 0.60, 0.78)):
            report.rows += _recalls(known, spelled, with_state, at_first, at_fifth)
        report.rows += _spoiled(known)
        _create(_more(known))
        report.rows.append(_waits(spelled, f"{_NATIONAL:,}, in its state"))
        report.rows.append(_waits([query._replace(state="") for query in spelled], f"{_NATIONAL:,}, everywhere"))


def _recalls(known: list[_Facility], spelled: list[_Query], with_state: bool, *least: float) -> Iterator[Row]:
    rival = _rival(known)
    asked = [query if with_state else query._replace(state="") for query in spelled]
    halves = {"development": [q for q in asked if _is_developed_on(q.id)]}
    halves["held out"] = [query for query in asked if not _is_developed_on(query.id)]
    ranks = {name: [_rank(_ours, query) for query in half] for name, half in halves.items()}
    rivals = [_rank(rival, query) for query in asked]
    where = "in its state" if with_state else "everywhere"
    for depth, target in zip((1, 5), least, strict=True):
        shares = {name: _share(found, depth) for name, found in ranks.items()}
        note = ", ".join(f"{name} {share:.3f}" for name, share in shares.items())
        yield answered(
            f"Facility by an agency's spelling, {where}: among the first {depth}",
            f"{_share([rank for found in ranks.values() for rank in found], depth):.3f}",
            target=f"≥ {target:.2f}",
            is_met=shares["held out"] >= target,
            note=f"{note}, token ratio {_share(rivals, depth):.3f}, n = {len(asked)}",
        )
    yield _waits(asked, f"{len(known):,}, {where}")


def _waits(queries: list[_Query], among: str) -> Row:
    waits = []
    _ours("warm", "")
    for query in queries:
        began = time.perf_counter()
        _ours(query.text, query.state)
        waits.append((time.perf_counter() - began) * 1000)
    return measured(f"Facility search among {among}", waits, "ms", at_most=5, judged_by=p99)


def p99(values: Iterable[float]) -> float:
    """The value that 99 of 100 do not exceed."""
    return percentile(list(values), 99)


def _spoiled(known: list[_Facility]) -> Iterator[Row]:
    """Recall everywhere for names with errors by rules unknown to the search. A namesake counts as right."""
    rng = random.Random(20)
    names = {facility.id: facility.name.casefold() for facility in known}
    for kind, spoil in _SPOILS.items():
        chosen = rng.sample([facility for facility in known if len(facility.name.split()) > 1], _SPOILED)
        first = [_ours(spoil(facility.name, rng), "")[:1] for facility in chosen]
        right = [bool(ids) and names[ids[0]] == names[facility.id] for ids, facility in zip(first, chosen, strict=True)]
        yield answered(f"Facility by its name, {kind}: first", f"{sum(right) / len(right):.3f}", note=f"n = {_SPOILED}")


def _mistyped(name: str, rng: random.Random) -> str:
    words = name.split()
    at = max(range(len(words)), key=lambda place: (len(words[place]), rng.random()))
    word, place = words[at], rng.randrange(1, len(words[at]) - 1)
    other = rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    after = rng.choice(
        [
            word[place + 1 :],
            other + word[place:],
            other + word[place + 1 :],
            word[place + 1] + word[place] + word[place + 2 :],
        ]
    )
    return " ".join([*words[:at], word[:place] + after, *words[at + 1 :]])


def _shuffled(name: str, rng: random.Random) -> str:
    return " ".join(rng.sample(name.split(), len(name.split())))


_SPOILS: dict[str, Callable[[str, random.Random], str]] = {
    "one wrong letter in its longest word": _mistyped,
    "words in any order": _shuffled,
    "without spaces": lambda name, _rng: name.replace(" ", ""),
    "three letters short": lambda name, _rng: name[:-3],
}


def _ours(text: str, state: str) -> list[str]:
    return [match.key for match in db.read(facilities.search_with_scores, text, state=state, limit=5)]


def _rival(known: list[_Facility]) -> Finder:
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for facility in known:
        names[facility.state][facility.id] = names[""][facility.id] = _written_out(facility.name)

    def rival(text: str, state: str) -> list[str]:
        return [key for *_, key in process.extract(_written_out(text), names[state], scorer=fuzz.token_ratio, limit=5)]

    return rival


def _written_out(text: str) -> str:
    main, _aside = split_aside(text)
    return " ".join(without_small(spoken_words(main)))


def _rank(finder: Finder, query: _Query) -> int:
    """The rank of the right facility, from 1; 1,000 if it is missing."""
    return next((rank for rank, found in enumerate(finder(query.text, query.state), 1) if found == query.id), 1_000)


def _share(ranks: list[int], depth: int) -> float:
    return sum(rank <= depth for rank in ranks) / len(ranks)


def _is_developed_on(facility_id: str) -> bool:
    return hashlib.sha256(f"half:{facility_id}".encode()).digest()[0] % 2 == 0


def _create(wanted: Iterable[_Facility]) -> None:
    """Create facilities. Their key in the database is their id in the list."""
    with db.transaction() as session:
        for facility in wanted:
            fields = facility._asdict()
            facilities.create_facility(session, key=fields.pop("id"), **fields)


def _more(known: list[_Facility]) -> Iterator[_Facility]:
    """Invented facilities: the beginning of one name and the end of another, at the place of the first."""
    rng = random.Random(6)
    for number in range(_NATIONAL - len(known)):
        one, other = rng.choice(known), rng.choice(known)
        beginning, end = one.name.split(), other.name.split()
        yield one._replace(
            id=f"more-{number}", name=" ".join([*beginning[: (len(beginning) + 1) // 2], *end[len(end) // 2 :]])
        )


def _facilities() -> Iterator[_Facility]:
    for row in _rows("facilities"):
        known = {name: "" if cell == "NA" else cell for name, cell in row.items()}
        state = states.code_of(known["State"])
        yield _Facility(known["Facility.ID"], known["Name"], known["City"], known["County"], state, known["Zipcode"])


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
