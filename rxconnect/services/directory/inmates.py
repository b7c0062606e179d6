"""Inmates: find people for a family, and add people to a facility's roster."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from rxconnect.domain import addresses, clock, states
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.errors import Invalid, NotAllowed
from rxconnect.domain.inmates import (
    MAX_DEPTH,
    MAX_RESULTS,
    QUERY_BORN_MAX,
    QUERY_NAME_MAX,
    QUERY_NUMBER_MAX,
    Custody,
    InmateQuery,
    InmateView,
    Person,
)
from rxconnect.domain.problems import Problem
from rxconnect.domain.text import one_line
from rxconnect.i18n import _
from rxconnect.models import Contact, Facility, Inmate, InmateAbsence
from rxconnect.search import born, directory, emphasis, people, typed
from rxconnect.search.normalise import number_key
from rxconnect.search.scope import Scope
from rxconnect.services.accounts import throttle
from rxconnect.services.directory import absences, tickets
from rxconnect.services.directory.facilities import place_of, require_location

# Built once, since building them takes longer than running them.
_FOUND = (
    select(Inmate, Facility)
    .join(Facility, col(Facility.id) == Inmate.facility_id)
    .where(col(Inmate.id).in_(bindparam("ids", expanding=True)))
)
_CONTACTS = select(Contact.inmate_id, Contact.id).where(
    Contact.account_id == bindparam("account_id"),
    col(Contact.inmate_id).in_(bindparam("ids", expanding=True)),
    col(Contact.removed_at).is_(None),
)
_ABSENCES = select(InmateAbsence).where(col(InmateAbsence.inmate_id).in_(bindparam("ids", expanding=True)))
_SEARCHES, _SEARCHES_PER = 300, timedelta(minutes=10)
# A household, a library or a mobile carrier's gateway has many accounts behind one address.
_SEARCHES_PER_ADDRESS = 5 * _SEARCHES


def count_search(session: Session, actor: Actor, query: InmateQuery, address: str = "") -> None:
    """Count a search against the rate limits of the actor and of the IP address. Call it before `find`.

    A query that is too short to search is not counted. A private address belongs to a proxy, which many families may
    share, so there only the actor's limit applies.

    `find` does not count by itself, so that it only reads and no writer waits for it. Raises `Invalid` (the field that
    is too long, state), `NotAllowed` and `Throttled`.
    """
    if not actor.may(Permission.FIND_PEOPLE):
        raise NotAllowed
    if _is_long_enough(cleaned_query(query)):
        throttle.count_attempt(session, "inmate search", str(actor.account_id), _SEARCHES, _SEARCHES_PER)
        if address and not addresses.is_private(address):
            throttle.count_attempt(session, "inmate search, address", address, _SEARCHES_PER_ADDRESS, _SEARCHES_PER)


def find(
    session: Session, actor: Actor, facility_id: int | None, query: InmateQuery, *, offset: int = 0
) -> tuple[list[InmateView], bool]:
    """A page of matches from `offset` on, best first, and whether there are more, of the `MAX_DEPTH` best ones.

    Raises `Invalid` (form, state, or the field that is too long), `NotAllowed`, and, unless the query looks everywhere,
    `NotFound` for a facility that is not among the actor's locations. The caller counts the search first.
    """
    if not actor.may(Permission.FIND_PEOPLE):
        raise NotAllowed
    query = cleaned_query(query)
    require_long_enough(query)
    scope = Scope(state=query.state) if query.is_everywhere else Scope(_location(session, actor, facility_id))
    start = min(max(offset, 0), MAX_DEPTH)
    found = people.find(session, scope, query, limit=min(start + MAX_RESULTS + 1, MAX_DEPTH))
    page = found[start : start + MAX_RESULTS]
    return _views(session, actor, scope, query, page), len(found) > start + MAX_RESULTS


def cleaned_query(query: InmateQuery) -> InmateQuery:
    """The query, trimmed and without control characters. Raises `Invalid` (a field that is too long, state)."""
    limits = {
        "number": QUERY_NUMBER_MAX,
        "first_name": QUERY_NAME_MAX,
        "last_name": QUERY_NAME_MAX,
        "born": QUERY_BORN_MAX,
    }
    fields = {name: one_line(getattr(query, name)) for name in limits}
    if problems := {
        name: Problem.INMATE_QUERY_TOO_LONG(most=limits[name])
        for name, text in fields.items()
        if len(text) > limits[name]
    }:
        raise Invalid(**problems)
    return InmateQuery(**fields, is_everywhere=query.is_everywhere, state=states.code_for_search(query.state))


def require_long_enough(query: InmateQuery) -> None:
    """Raise `Invalid` (form) for a query so short that it would list half a roster."""
    if not _is_long_enough(query):
        raise Invalid(form=Problem.INMATE_QUERY_TOO_SHORT())


def is_searchable(query: InmateQuery) -> bool:
    """Whether a query is long enough to be searched. Raises the errors of `cleaned_query`."""
    return _is_long_enough(cleaned_query(query))


def sort_fields(query: InmateQuery) -> InmateQuery:
    """The query with each text in the field to which it most likely belongs: `Delgado, Marcus` in two of them."""
    return typed.likeliest(query)


def can_read_born(text: str) -> bool:
    """Whether a search can use this text as a year of birth or an age."""
    return born.read(text) is not None


def add_to_roster(session: Session, facility_id: int, people: Iterable[Person]) -> None:
    """Add people to a facility's roster. Their numbers must not be on it yet."""
    directory.lock_directory(session)
    rows = [
        {"facility_id": facility_id, "number_key": number_key(person.number), **person_columns(person)}
        for person in people
    ]
    directory.insert_people(session, rows)
    directory.write_sheets(session, [facility_id])


def person_columns(person: Person) -> dict[str, Any]:
    """The columns of `Inmate` that describe a person, without `facility_id` and `number_key`."""
    return {
        "number": person.number,
        "first_name": person.first_name,
        "middle_name": person.middle_name,
        "last_name": person.last_name,
        "suffix": person.suffix,
        "aliases": person.aliases,
        "birth_date": person.birth_date,
        "birth_year": person.birth_year,
        "housing": person.housing,
        "custody": person.custody.value,
    }


def custody_label(inmate: Inmate) -> str:
    """The label of a person's custody, such as `Released`; "" while the person is held."""
    return Custody(inmate.custody).label


def _is_long_enough(query: InmateQuery) -> bool:
    return any(map(typed.is_long_enough, typed.readings(query)))


def _location(session: Session, actor: Actor, facility_id: int | None) -> int | None:
    require_location(session, actor, facility_id)
    return facility_id


def _views(
    session: Session, actor: Actor, scope: Scope, query: InmateQuery, page: list[people.Match]
) -> list[InmateView]:
    ids = [match.inmate_id for match in page]
    rows = {inmate.id: (inmate, there) for inmate, there in session.exec(_FOUND, params={"ids": ids})}
    contacts = dict(session.exec(_CONTACTS, params={"ids": ids, "account_id": actor.account_id}).all())
    query = typed.likeliest(query)
    absent = {absence.inmate_id: absence for absence in session.exec(_ABSENCES, params={"ids": ids})}
    return [
        _view(
            *rows[match.inmate_id],
            actor,
            scope,
            query,
            match,
            contacts.get(match.inmate_id),
            absent.get(match.inmate_id),
        )
        for match in page
    ]


def _view(
    inmate: Inmate,
    facility: Facility,
    actor: Actor,
    scope: Scope,
    query: InmateQuery,
    match: people.Match,
    contact_id: int | None,
    absence: InmateAbsence | None,
) -> InmateView:
    assert inmate.id is not None
    detail = _detail_line(inmate)
    has_moved = scope.facility_id is not None and inmate.facility_id != scope.facility_id
    label = custody_label(inmate) or absences.label(absence, inmate, facility)
    return InmateView(
        id=inmate.id,
        ticket=tickets.issue_ticket(actor, inmate.id),
        number=inmate.number,
        name=inmate.full_name,
        pieces=emphasis.name_pieces(inmate.full_name, f"{query.first_name} {query.last_name}"),
        first_name=inmate.first_name,
        last_name=inmate.last_name,
        facility_id=inmate.facility_id,
        facility=facility.name,
        place=place_of(facility),
        detail=detail,
        detail_pieces=emphasis.number_pieces(detail, query.number),
        custody=Custody.MOVED if has_moved else inmate.custody,
        custody_label=_("Moved to {facility}").format(facility=facility.name) if has_moved else label,
        why=match.why,
        is_contact=contact_id is not None,
        contact_id=contact_id,
    )


def _detail_line(inmate: Inmate) -> str:
    """`20418873 · age 34 · unit C`: a line that distinguishes people with the same name."""
    parts = [inmate.number]
    if born := _birth_date(inmate):
        parts.append(_("age {years}").format(years=_age(born)))
    if inmate.housing:
        unit = inmate.housing[5:] if inmate.housing.casefold().startswith("unit ") else inmate.housing
        parts.append(_("unit {unit}").format(unit=unit))
    return " · ".join(parts)


def _birth_date(inmate: Inmate) -> date | None:
    """The date of birth. If only the year is known, this is its middle, so the age is wrong by at most one year."""
    return date(inmate.birth_year, 7, 1) if inmate.birth_year else inmate.birth_date


def _age(birth: date) -> int:
    today = clock.now().date()
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
