"""Preparations: lines of a scenario, like `location: cedar-ridge`, that set up its family before the session starts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from sqlmodel import Session, select

from rxconnect import db
from rxconnect.demo import history
from rxconnect.demo.facilities import SITES
from rxconnect.demo.roster import KNOWN
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.facilities import Opening
from rxconnect.domain.inmates import InmateQuery
from rxconnect.i18n import _
from rxconnect.models import Account, Facility
from rxconnect.services.directory import contacts, facilities, inmates

# The facilities that take messages. Only they have people.
_FACILITIES = {
    site.facility["key"]: Facility(**site.facility) for site in SITES if site.facility["opening"] is Opening.OPEN
}
_PEOPLE = {f"{person.first_name} {person.last_name}": person for person in KNOWN}
# The most characters of a wrong value that an error sentence repeats.
_TOLD = 60
_VISA = "4242424242424242"
_CREDITS = re.compile(r"([0-9]{1,3}) at (\S+)")


@dataclass(frozen=True, slots=True)
class _Verb:
    """A kind of line. `problem` checks the text after the colon ("" if it is right), and `do` carries it out."""

    problem: Callable[[str], str]
    do: Callable[[Session, Actor, str], object]


def line_problem(line: str) -> str:
    """A sentence that says what is wrong with a line, or "" if it can be carried out."""
    verb, _colon, rest = line.partition(":")
    if verb not in _VERBS:
        return unknown_value_sentence("prepare", verb, _VERBS)
    return _VERBS[verb].problem(rest.strip())


def run_preparations(email: str, lines: Iterable[str]) -> None:
    """Carry out the lines for the family with this email address, in the current world and in one transaction."""
    with db.all_or_nothing() as session:
        family = _family_actor(session, email)
        for line in lines:
            verb, _colon, rest = line.partition(":")
            _VERBS[verb].do(session, family, rest.strip())


def unknown_value_sentence(name: str, value: object, known: Iterable[str]) -> str:
    """A sentence about an unknown value. It suggests the closest known value, or lists all of them."""
    names = sorted(known)
    if meant := get_close_matches(str(value)[:_TOLD], names, n=1):
        return _("{name} cannot be “{value}”. Did you mean “{meant}”?").format(name=name, value=value, meant=meant[0])
    if value is None:
        return _("{name} is missing. It is one of: {known}.").format(name=name, known=", ".join(names))
    return _("{name} cannot be “{value}”. It is one of: {known}.").format(
        name=name, value=str(value)[:_TOLD], known=", ".join(names)
    )


def _facility_problem(key: str) -> str:
    return "" if key in _FACILITIES else unknown_value_sentence("location", key, _FACILITIES)


def _person_problem(name: str) -> str:
    return "" if name in _PEOPLE else unknown_value_sentence("contact", name, _PEOPLE)


def _credits_problem(text: str) -> str:
    match = _CREDITS.fullmatch(text)
    if match is None:
        return _("Write how many credits, and where: “credits: 10 at cedar-ridge”.")
    if not (facility := _FACILITIES.get(match[2])):
        return _facility_problem(match[2])
    if facility.min_credits <= int(match[1]) <= facility.max_credits:
        return ""
    return _("{facility} sells from {least} to {most} credits at a time.").format(
        facility=facility.name, least=facility.min_credits, most=facility.max_credits
    )


def _add_contact(session: Session, family: Actor, name: str) -> None:
    person = _PEOPLE[name]
    facility_id = _add_location(session, family, person.facility)
    (found, *_others), _more = inmates.find(session, family, facility_id, InmateQuery(number=person.number))
    contacts.add_at_my_location(session, family, found.id)


def _buy_credits(session: Session, family: Actor, text: str) -> None:
    number, _at, key = text.partition(" at ")
    history.buy_credits(session, family, _add_location(session, family, key), int(number), _VISA)


def _add_location(session: Session, family: Actor, key: str) -> int:
    """Add the facility to the family's locations, if it is not there yet. Returns the facility's id."""
    facility_id = facilities.get_by_key(session, key).id
    assert facility_id is not None
    facilities.add_location(session, family, facility_id)
    return facility_id


def _family_actor(session: Session, email: str) -> Actor:
    row = session.exec(select(Account).where(Account.email == email)).one()
    assert row.id is not None
    return Actor(row.id, row.name, row.email, ActorKind.FAMILY)


_VERBS = {
    "location": _Verb(_facility_problem, _add_location),
    "contact": _Verb(_person_problem, _add_contact),
    "credits": _Verb(_credits_problem, _buy_credits),
}
