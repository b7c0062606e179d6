"""Facilities, and the locations that an account has added to its profile."""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import chain, count
from typing import Any, NamedTuple

from rapidfuzz import process
from sqlmodel import Session, col, select

from rxconnect.db import add_once
from rxconnect.domain import states
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound
from rxconnect.domain.facilities import FacilityView, Opening
from rxconnect.domain.money import price_each
from rxconnect.domain.own_texts import own_texts
from rxconnect.domain.problems import Problem
from rxconnect.domain.removals import RemovalKind, RemovalView
from rxconnect.domain.text import one_line
from rxconnect.models import Facility, Location
from rxconnect.models.sorting import by_name
from rxconnect.search import facilities as facility_search
from rxconnect.search.facility_index import Found
from rxconnect.search.normalise import folded_words
from rxconnect.services.removals import removals

_TEXT_MAX = 120
_KEY_MAX = 120


class Match(NamedTuple):
    """A facility that a search found. `score` is 1 for an exact name, and smaller for less likely matches."""

    key: str
    name: str
    city: str
    state: str
    score: float


def search(session: Session, actor: Actor, text: str, *, state: str = "", limit: int = 20) -> list[FacilityView]:
    """Facilities by name, abbreviation, city, county, state or ZIP code, best first; `state` (code or name) narrows to one.

    Raises `Invalid` (text, state).
    """
    ids = [found.listing.id for found in _search_index(session, text, state, limit)]
    rows = {row.id: row for row in session.exec(select(Facility).where(col(Facility.id).in_(ids)))}
    mine = _my_location_ids(session, actor)
    return [view(rows[facility_id], is_my_location=facility_id in mine) for facility_id in ids]


def is_long_enough(text: str) -> bool:
    """Whether `text` is long enough to search: two letters or digits.

    The list of facilities is public, so neither this nor `search` is throttled.
    """
    return sum(map(str.isalnum, text)) >= 2


def search_with_scores(session: Session, text: str, *, state: str = "", limit: int = 20) -> list[Match]:
    """`search` with scores, for operators. Raises `Invalid` (text, state)."""
    return [
        Match(listing.key, listing.name, listing.city, listing.state, round(score, 3))
        for listing, score in _search_index(session, text, state, limit)
    ]


def _search_index(session: Session, text: str, state: str, limit: int) -> list[Found]:
    if len(text) > _TEXT_MAX:
        raise Invalid(text=Problem.FACILITY_QUERY_TOO_LONG(most=_TEXT_MAX))
    return facility_search.find(session, one_line(text), state=states.code_for_search(state), limit=limit)


def get(session: Session, actor: Actor, facility_id: int) -> FacilityView:
    """One facility. Raises `NotFound`."""
    return view(_facility(session, facility_id), is_my_location=facility_id in _my_location_ids(session, actor))


def get_by_key(session: Session, key: str) -> Facility:
    """The facility with this key, for operators. Raises `NotFound`; see `suggest_keys`."""
    facility = session.exec(select(Facility).where(Facility.key == key)).first()
    if facility is None:
        raise NotFound("facility")
    return facility


def suggest_keys(session: Session, text: str) -> list[str]:
    """Up to five facility keys that an operator may have meant by `text`."""
    text = one_line(text)[:_KEY_MAX]
    found = [match.listing.key for match in facility_search.find(session, text, limit=5)]
    near = process.extract(text, session.exec(select(Facility.key)).all(), limit=5, score_cutoff=60)
    return list(dict.fromkeys([*found, *(key for key, *_ in near)]))[:5]


def my_locations(session: Session, actor: Actor) -> list[FacilityView]:
    """The facilities that the actor has added, sorted by name."""
    mine = (
        select(Facility).join(Location).where(Location.account_id == actor.account_id).order_by(by_name(Facility.name))
    )
    return [view(facility, is_my_location=True) for facility in session.exec(mine)]


def require_location(session: Session, actor: Actor, facility_id: int | None) -> Facility:
    """The facility, if it is among the actor's locations. Raises `NotFound` otherwise."""
    mine = select(Facility).join(Location)
    mine = mine.where(Location.account_id == actor.account_id, Location.facility_id == facility_id)
    facility = session.exec(mine).first()
    if facility is None:
        raise NotFound("facility")
    return facility


def add_location(session: Session, actor: Actor, facility_id: int) -> FacilityView:
    """Add a facility to the actor's locations; adding it again changes nothing. Raises `NotAllowed`, `NotFound`."""
    if not actor.may(Permission.FIND_PEOPLE):
        raise NotAllowed
    facility = _facility(session, facility_id)
    if add_once(session, Location(account_id=actor.account_id, facility_id=facility_id)):
        removals.settle(session, actor.account_id, RemovalKind.LOCATION, facility_id)
    return view(facility, is_my_location=True)


def remove_location(session: Session, actor: Actor, facility_id: int) -> RemovalView | None:
    """Remove a facility from the actor's locations, which can be undone. Contacts, messages and credits there stay.

    Returns None if it was none of them.
    """
    mine = select(Location).where(Location.account_id == actor.account_id, Location.facility_id == facility_id)
    location = session.exec(mine.with_for_update()).first()
    if location is None:
        return None
    facts = location.model_dump(mode="json")
    session.delete(location)
    session.flush()
    name = _facility(session, facility_id).name
    return removals.add(session, actor, RemovalKind.LOCATION, facility_id, name=name, facts=facts)


def restore_location(session: Session, facts: dict[str, Any]) -> None:
    """Bring a removed location back, unless it was added again. Its age decides which location is the first."""
    location = Location.model_validate(facts)
    if session.get(Location, location.id):
        # SQLite gives the id of a deleted row to the next one.
        location.id = None
    add_once(session, location)


def create_facility(session: Session, **fields: Any) -> int:
    """Add a facility from the fields of `Facility`. `name` is required; a missing key is made from it."""
    if "key" not in fields:
        fields["key"] = unused_key(session, fields["name"], fields.get("state", ""))
    facility = new_facility(**fields)
    session.add(facility)
    session.flush()
    invalidate_search(session)
    assert facility.id is not None
    return facility.id


def new_facility(**fields: Any) -> Facility:
    """A facility that is not stored yet, in the time zone of most of its state if none is given."""
    return Facility(**{"time_zone": states.zone_of(fields.get("state", ""))} | fields)


def invalidate_search(session: Session) -> None:
    """Invalidate the search index. Call it after each change of a facility's name, place or opening."""
    facility_search.mark_changed(session)


def unused_key(session: Session, name: str, state: str) -> str:
    """An unused key: the words of the name and the state's code, with a number appended when that is taken."""
    base = key_of(name, state)
    return first_unused(base, set(session.exec(select(Facility.key).where(col(Facility.key).startswith(base)))))


def key_of(name: str, state: str) -> str:
    """The key that a facility gets if no other has it."""
    base = re.sub(r"[^a-z0-9]+", "-", folded_words(name))[: _KEY_MAX - 10].strip("-")
    return "-".join(filter(None, (base, state.lower()))) or "facility"


def first_unused(base: str, taken: Container[str]) -> str:
    """`base`, or with the smallest number with which it is not."""
    return next(key for key in chain([base], (f"{base}-{number}" for number in count(2))) if key not in taken)


def view(facility: Facility, *, is_my_location: bool = False) -> FacilityView:
    """A facility as a browser sees it."""
    assert facility.id is not None
    opening = Opening(facility.opening)
    return FacilityView(
        id=facility.id,
        key=facility.key,
        name=facility.name,
        place=place_of(facility),
        address=facility.address,
        opening=opening,
        opening_label=opening.label,
        opening_tone=opening.tone,
        opening_explanation=opening.explanation,
        price_cents=facility.price_cents,
        price=price_each(facility.price_cents),
        min_credits=facility.min_credits,
        max_credits=facility.max_credits,
        character_limit=facility.character_limit,
        characters_per_credit=facility.characters_per_credit,
        rules=own_texts(facility, facility.rules),
        is_open=opening is Opening.OPEN,
        is_my_location=is_my_location,
    )


def place_of(facility: Facility) -> str:
    """`Walla Walla, WA`. The county replaces an unknown city, and the state alone an unknown county."""
    county = f"{facility.county} {'Parish' if facility.state == 'LA' else 'County'}" if facility.county else ""
    town = facility.city or county
    return f"{town}, {facility.state}" if town and facility.state else town or states.name_of(facility.state)


def _facility(session: Session, facility_id: int) -> Facility:
    facility = session.get(Facility, facility_id)
    if facility is None:
        raise NotFound("facility")
    return facility


def _my_location_ids(session: Session, actor: Actor) -> set[int]:
    return set(session.exec(select(Location.facility_id).where(Location.account_id == actor.account_id)))
