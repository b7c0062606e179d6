"""Inmates: finding a person at one of my locations, and putting people on a facility's roster."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.errors import Invalid, NotAllowed
from rxconnect.domain.inmates import (
    MAX_DEPTH,
    MAX_RESULTS,
    QUERY_NAME_MAX,
    QUERY_NUMBER_MAX,
    Custody,
    InmateQuery,
    InmateView,
    Person,
)
from rxconnect.domain.text import one_line
from rxconnect.models import Contact, Facility, Inmate
from rxconnect.search import people
from rxconnect.search.normalise import name_key, number_key
from rxconnect.services import throttle
from rxconnect.services.facilities import require_location

_SEARCHES, _SEARCHES_PER = 120, timedelta(minutes=10)


def count_search(session: Session, actor: Actor, query: InmateQuery) -> None:
    """Count a search against the actor's limit, before `find`; too little to search for counts nothing.

    Apart from `find`, so that the search itself is only a read and keeps no other writer waiting. Raises `Invalid`
    (the field that is too long), `NotAllowed` and `Throttled`.
    """
    if not actor.may(Permission.FIND_PEOPLE):
        raise NotAllowed
    if _is_enough(storable(query)):
        throttle.allow(session, "inmate search", str(actor.account_id), _SEARCHES, _SEARCHES_PER)


def find(
    session: Session, actor: Actor, facility_id: int, query: InmateQuery, *, offset: int = 0
) -> tuple[list[InmateView], bool]:
    """Twenty matches from `offset` on, best first, and whether there are more; never deeper than `MAX_DEPTH`.

    Raises `Invalid` (form, or the field that is too long), `NotAllowed`, and `NotFound` for a facility that is not among
    the actor's locations. Whoever asks for a person counts the search first.
    """
    if not actor.may(Permission.FIND_PEOPLE):
        raise NotAllowed
    query = storable(query)
    if not _is_enough(query):
        raise Invalid(form="Type at least two letters of a name, or four characters of the inmate number.")
    facility = require_location(session, actor, facility_id)
    found = people.find(session, facility_id, query)
    start = min(max(offset, 0), MAX_DEPTH)
    page = found[start : start + MAX_RESULTS]
    return _views(session, actor, facility, page), len(found) > start + MAX_RESULTS


def storable(query: InmateQuery) -> InmateQuery:
    """What was typed, trimmed and without control characters. Raises `Invalid` for fields that are too long."""
    limits = {"number": QUERY_NUMBER_MAX, "first_name": QUERY_NAME_MAX, "last_name": QUERY_NAME_MAX}
    fields = {name: one_line(text) for name, text in asdict(query).items()}
    if problems := {name: _too_long(limits[name]) for name, text in fields.items() if len(text) > limits[name]}:
        raise Invalid(**problems)
    return InmateQuery(**fields)


def add_to_roster(session: Session, facility_id: int, people: Iterable[Person]) -> None:
    """Put people on a facility's roster; their numbers must not be on it yet."""
    rows = [{"facility_id": facility_id, **columns(person)} for person in people]
    if rows:
        session.execute(insert(Inmate), rows)


def columns(person: Person) -> dict[str, Any]:
    """The columns of `Inmate` that describe a person, with the keys that search compares with."""
    return asdict(person) | {
        "custody": person.custody.value,
        "number_key": number_key(person.number),
        "first_key": name_key(person.first_name),
        "last_key": name_key(person.last_name),
    }


def custody_label(session: Session, inmate: Inmate) -> str:
    """`Released`, `Moved to Harbor County Jail`, or "" for a person who is held here."""
    moved_to = session.get(Facility, inmate.moved_to_id) if inmate.moved_to_id else None
    if inmate.custody == Custody.MOVED and moved_to:
        return f"Moved to {moved_to.name}"
    return Custody(inmate.custody).label


def _is_enough(query: InmateQuery) -> bool:
    names = name_key(query.first_name) + name_key(query.last_name)
    return sum(ch.isalpha() for ch in names) >= 2 or len(number_key(query.number)) >= 4


def _too_long(limit: int) -> str:
    return f"Please use at most {limit} characters."


def _views(session: Session, actor: Actor, facility: Facility, page: list[tuple[int, str]]) -> list[InmateView]:
    ids = [inmate_id for inmate_id, _why in page]
    rows = {row.id: row for row in session.exec(select(Inmate).where(col(Inmate.id).in_(ids)))}
    mine = select(Contact.inmate_id, Contact.id).where(
        Contact.account_id == actor.account_id, col(Contact.inmate_id).in_(ids), col(Contact.removed_at).is_(None)
    )
    contacts = dict(session.exec(mine).all())
    return [_view(session, rows[inmate_id], facility, why, contacts.get(inmate_id)) for inmate_id, why in page]


def _view(session: Session, inmate: Inmate, facility: Facility, why: str, contact_id: int | None) -> InmateView:
    assert inmate.id is not None
    return InmateView(
        id=inmate.id,
        number=inmate.number,
        name=inmate.full_name,
        first_name=inmate.first_name,
        last_name=inmate.last_name,
        facility_id=inmate.facility_id,
        facility=facility.name,
        detail=_detail(inmate),
        custody=inmate.custody,
        custody_label=custody_label(session, inmate),
        why=why,
        is_contact=contact_id is not None,
        contact_id=contact_id,
    )


def _detail(inmate: Inmate) -> str:
    """`20418873 · age 34 · unit C`: what tells people of one name apart."""
    parts = [inmate.number]
    if inmate.birth_date:
        parts.append(f"age {_age(inmate.birth_date)}")
    if inmate.housing:
        unit = inmate.housing[5:] if inmate.housing.casefold().startswith("unit ") else inmate.housing
        parts.append(f"unit {unit}")
    return " · ".join(parts)


def _age(birth: date) -> int:
    today = clock.now().date()
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
