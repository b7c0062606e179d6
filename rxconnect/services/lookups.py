"""The directory for the operator: looking people up without an account, and keeping it complete and at hand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, text
from sqlmodel import Session

from rxconnect import db
from rxconnect.domain.inmates import MAX_DEPTH, InmateQuery
from rxconnect.search import directory, people, wordlists
from rxconnect.search import facilities as facility_search
from rxconnect.search.scope import Scope
from rxconnect.services.facilities import get_by_key
from rxconnect.services.inmates import require_enough, storable

_SHOWN = text(
    "SELECT i.id, i.number, i.first_name, i.last_name, f.key FROM inmate i JOIN facility f ON f.id = i.facility_id "
    "WHERE i.id IN :some"
).bindparams(bindparam("some", expanding=True))


@dataclass(frozen=True, slots=True)
class InmateMatch:
    """A person found. `facility` is a key; `score` is 1 for exact and falls to 0; `why` is "" for exact."""

    number: str
    first: str
    last: str
    facility: str
    score: float
    why: str


def find_inmates(session: Session, query: InmateQuery, facility: str = "", *, limit: int = 20) -> list[InmateMatch]:
    """The people who fit, best first, at one facility (its key) or everywhere; at most 200. Nothing is throttled.

    Raises `Invalid` for too little or too much text, and `NotFound` for an unknown facility.
    """
    query = storable(query)
    require_enough(query)
    scope = Scope(get_by_key(session, facility).id if facility else None, query.state)
    found = people.find(session, scope, query, limit=min(max(limit, 0), MAX_DEPTH))
    shown = session.connection().execute(_SHOWN, {"some": [match.inmate_id for match in found]})
    people_by_id = {inmate_id: person for inmate_id, *person in shown}
    return [_match(people_by_id[match.inmate_id], match) for match in found]


def warm() -> None:
    """Read now what search keeps in memory, so that nobody waits for it later."""
    db.read(facility_search.warm)
    db.read(wordlists.warm)


def complete() -> bool:
    """List people who are on rosters but not in the directory, as after an upgrade. Returns whether there were any."""
    if not db.read(directory.missing):
        return False
    db.write(directory.add_missing)
    return True


def _match(person: list[str], match: people.Match) -> InmateMatch:
    number, first, last, facility = person
    return InmateMatch(number, first, last, facility, score=round(1 - match.cost / 100, 2), why=match.why)
