"""The directory for operators: search people without an account, add missing entries, and warm the caches."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from rxconnect import db
from rxconnect.domain.errors import NotFound
from rxconnect.domain.inmates import MAX_DEPTH, InmateQuery
from rxconnect.domain.text import one_line
from rxconnect.search import directory, people, wordlists
from rxconnect.search import facilities as facility_search
from rxconnect.search.raw_sql import fetch_rows
from rxconnect.search.scope import Scope
from rxconnect.services.directory.inmates import cleaned_query, require_long_enough

_FACILITY_ID = "SELECT id FROM facility WHERE key ="
_SHOWN = "SELECT i.id, i.number, i.first_name, i.last_name, f.key FROM inmate i JOIN facility f ON f.id = i.facility_id"


@dataclass(frozen=True, slots=True)
class InmateMatch:
    """A person found. `facility` is a key. An exact match has `score` 1 and `why` ""; other scores fall towards 0."""

    number: str
    first: str
    last: str
    facility: str
    score: float
    why: str


def find_inmates(session: Session, query: InmateQuery, facility: str = "", *, limit: int = 20) -> list[InmateMatch]:
    """The people who match, best first, at one facility (its key) or everywhere; at most 200. There is no rate limit.

    Raises `Invalid` for too little or too much text or an unknown state, and `NotFound` for an unknown facility.
    """
    query = cleaned_query(query)
    require_long_enough(query)
    scope = Scope(_facility_id(session, facility) if facility else None, query.state)
    found = people.find(session, scope, query, limit=min(max(limit, 0), MAX_DEPTH))
    ids = ", ".join(str(match.inmate_id) for match in found)
    shown = fetch_rows(session, f"{_SHOWN} WHERE i.id IN ({ids})") if found else ()
    people_by_id = {inmate_id: person for inmate_id, *person in shown}
    return [_match(people_by_id[match.inmate_id], match) for match in found]


def warm_search() -> None:
    """Fill the search caches, so that the first search does not wait for them."""
    db.read(facility_search.build_index)
    db.read(wordlists.fill_cache)


def complete_directory() -> bool:
    """Add missing entries to the directory, as after an upgrade. Returns whether any were missing."""
    if db.read(directory.is_complete):
        return False
    db.write(directory.add_missing_entries)
    return True


def _facility_id(session: Session, key: str) -> int:
    # Keys are words with hyphens between them. A text that is not could not be quoted.
    key = one_line(key)
    found = fetch_rows(session, f"{_FACILITY_ID} '{key}'") if all(map(str.isalnum, key.split("-"))) else ()
    if not found:
        raise NotFound("facility")
    return found[0][0]


def _match(person: list[str], match: people.Match) -> InmateMatch:
    number, first, last, facility = person
    return InmateMatch(number, first, last, facility, score=round(1 - match.cost / 100, 2), why=match.why)
