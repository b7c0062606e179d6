"""Preparations: lines of a scenario, like `location: cedar-ridge`, that set up its world before the session starts."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlmodel import Session, select

from rxconnect import db
from rxconnect.demo import history
from rxconnect.demo.facilities import CEDAR_RIDGE, SITES
from rxconnect.demo.roster import KNOWN
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.facilities import Opening
from rxconnect.domain.inmates import Custody, InmateQuery
from rxconnect.domain.rules import NewRule
from rxconnect.domain.screening import RuleKind
from rxconnect.domain.toml_files import unknown_value_sentence
from rxconnect.i18n import _
from rxconnect.models import Account, Facility, Inmate
from rxconnect.services.accounts import staff
from rxconnect.services.directory import contacts, facilities, inmates
from rxconnect.services.imports import uploads
from rxconnect.services.screening import rules

# The facilities that take messages. Only they have people.
_FACILITIES = {
    site.facility["key"]: Facility(**site.facility) for site in SITES if site.facility["opening"] is Opening.OPEN
}
_PEOPLE = {f"{person.first_name} {person.last_name}": person for person in KNOWN}
_VISA = "4242424242424242"
_CREDITS = re.compile(r"([0-9]{1,3}) at (\S+)")
_ROSTER = re.compile(r"(.+) at (\S+)")
_RULE = re.compile(r"([^=]{1,80})=(.+)")
# Writes rules and uploads rosters before a session. It is the administrator of the only facility that has one.
_ADMINISTRATOR, _ADMINISTERED = "admin@example.com", (CEDAR_RIDGE,)
_COLUMNS = ("Number", "Last name", "First name", "Middle name", "Suffix", "Date of birth", "Housing")


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
    """Carry out the lines, for the family with this email address, in the current world and in one transaction."""
    with db.all_or_nothing() as session:
        family = _family_actor(session, email)
        for line in lines:
            verb, _colon, rest = line.partition(":")
            _VERBS[verb].do(session, family, rest.strip())


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


def _roster_problem(text: str) -> str:
    match = _ROSTER.fullmatch(text)
    if match is None:
        return _("Write who is on the roster, and where: “roster: Shawn O'Neill at cedar-ridge”.")
    if match[2] not in _ADMINISTERED:
        return unknown_value_sentence("roster", match[2], _ADMINISTERED)
    return _person_problem(match[1])


def _rule_problem(text: str) -> str:
    if _RULE.fullmatch(text):
        return ""
    return _("Write the name of the rule, and its words: “rule: Gates = east gate, side door”.")


def _upload_roster(session: Session, _family: Actor, text: str) -> None:
    """Upload a facility's roster with one more person. It is not imported, so that the session can do that."""
    name, _at, key = text.rpartition(" at ")
    facility_id = facilities.get_by_key(session, key).id
    assert facility_id is not None
    held = (Inmate.facility_id == facility_id, Inmate.custody == Custody.HELD)
    newcomer = Inmate.number == _PEOPLE[name].number
    people = [*session.exec(select(Inmate).where(*held)), session.exec(select(Inmate).where(newcomer)).one()]
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(_COLUMNS)
    rows.writerows(_roster_row(person) for person in people)
    administrator = _administrator(session)
    uploads.keep_upload(administrator, facility_id, f"{key}-today.csv", [file.getvalue().encode()])


def _roster_row(person: Inmate) -> tuple[object, ...]:
    names = (person.last_name, person.first_name, person.middle_name, person.suffix)
    return person.number, *names, person.birth_date, person.housing


def _write_rule(session: Session, _family: Actor, text: str) -> None:
    """Write a rule about words, and leave it off."""
    name, _equals, words = text.partition("=")
    lines = "\n".join(word.strip() for word in words.split(","))
    administrator = _administrator(session)
    (post,) = administrator.posts
    rules.write(session, administrator, post.facility_id, NewRule(RuleKind.WORDS, name.strip(), words=lines))


def _administrator(session: Session) -> Actor:
    row = session.exec(select(Account).where(Account.email == _ADMINISTRATOR)).one()
    assert row.id is not None
    return Actor(row.id, row.name, row.email, ActorKind.STAFF, staff.posts(session, row.id))


def _family_actor(session: Session, email: str) -> Actor:
    row = session.exec(select(Account).where(Account.email == email)).one()
    assert row.id is not None
    return Actor(row.id, row.name, row.email, ActorKind.FAMILY)


_VERBS = {
    "location": _Verb(_facility_problem, _add_location),
    "contact": _Verb(_person_problem, _add_contact),
    "credits": _Verb(_credits_problem, _buy_credits),
    "roster": _Verb(_roster_problem, _upload_roster),
    "rule": _Verb(_rule_problem, _write_rule),
}
