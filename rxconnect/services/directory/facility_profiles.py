"""What a facility says of itself: its name, its place, and the rules that it publishes. Each change is stored with its account."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session, select

from rxconnect import live
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.errors import Invalid, NotAllowed
from rxconnect.domain.facility_settings import Setting
from rxconnect.domain.own_facility import CITY_MAX, MOST_RULES, NAME_MAX, RULE_MAX
from rxconnect.domain.problems import Fact, Problem, fields_with_problems
from rxconnect.domain.states import code_of, zone_of
from rxconnect.domain.text import one_line
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import Facility
from rxconnect.services.directory import facility_settings
from rxconnect.services.directory.facilities import invalidate_search


def profile(session: Session, actor: Actor, facility_id: int) -> dict[str, str]:
    """The fields as a form has them: name, city, state, and the rules, one a line. Raises `NotAllowed`."""
    if facility_id not in actor.must(Permission.SEE_SETTINGS):
        raise NotAllowed
    place = session.get_one(Facility, facility_id)
    return {"name": place.name, "city": place.city, "state": place.state, "rules": "\n".join(place.rules)}


def save_profile(session: Session, actor: Actor, facility_id: int, given: Mapping[str, str]) -> int:
    """Save the fields as a form has them. Returns how many settings were changed. Raises `NotAllowed`, and `Invalid` by field."""
    if facility_id not in actor.must(Permission.ADMINISTER):
        raise NotAllowed
    place = session.exec(select(Facility).where(Facility.id == facility_id).with_for_update()).one()
    name, city = one_line(given["name"]), one_line(given["city"])
    state = code_of(given["state"])
    rules = [rule for rule in map(one_line, given["rules"].splitlines()) if rule]
    problems = fields_with_problems(
        name=Problem.FACILITY_NAME_MISSING() if not name else _too_long(name, NAME_MAX),
        city=_too_long(city, CITY_MAX),
        state=Problem.STATE_UNKNOWN() if given["state"].strip() and not state else None,
        rules=_rules_problem(rules),
    )
    if problems:
        raise Invalid(**problems)
    before, before_there = (place.name, "\n".join(place.rules)), f"{place.city}, {place.state}".strip(", ")
    if state != place.state:
        place.time_zone = zone_of(state)
    place.name, place.city, place.state, place.rules = name, city, state, rules
    changes = (
        (Setting.NAME, before[0], name),
        (Setting.PLACE, before_there, f"{city}, {state}".strip(", ")),
        (Setting.RULES, before[1], "\n".join(rules)),
    )
    different = [change for change in changes if change[1] != change[2]]
    for setting, was, now in different:
        facility_settings.record_change(session, actor, facility_id, setting, was, now)
    if different:
        session.add(place)
        invalidate_search(session)
        live.publish(session, Topic(Subject.DESK, facility_id))
    return len(different)


def _too_long(text: str, most: int) -> Fact | None:
    return Problem.TOO_LONG(most=most, length=len(text)) if len(text) > most else None


def _rules_problem(rules: list[str]) -> Fact | None:
    if len(rules) > MOST_RULES:
        return Problem.TOO_MANY_RULES(most=MOST_RULES, length=len(rules))
    return next((problem for rule in rules if (problem := _too_long(rule, RULE_MAX))), None)
