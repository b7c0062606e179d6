"""Summaries of changes to rosters, for operators: counts, examples, and suspicious changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from sqlalchemy import func, select
from sqlmodel import Session, col

from rxconnect.domain.facilities import Opening
from rxconnect.domain.imports import MOST_EXAMPLES, MOST_LISTED, RosterPlan
from rxconnect.domain.inmates import Custody, Person
from rxconnect.domain.money import price_each
from rxconnect.domain.sentences import Sentence
from rxconnect.models import Inmate
from rxconnect.services.custody.roster_changes import Changes
from rxconnect.services.custody.roster_merges import merge_line
from rxconnect.services.custody.roster_returns import refund_notes
from rxconnect.services.rosters.roster_files import RosterFile
from rxconnect.services.rosters.roster_people import Stored, StoredFacility, is_held, names_of

# Changes above these shares are suspicious: the net loss of a roster, its departures, other names under the same
# numbers, and the part of another facility that moves here.
_SHRUNK, _GONE, _RENAMED, _TAKEN = 0.2, 0.5, 0.5, 0.5
_LEAST_RENAMED, _LEAST_TAKEN = 3, 10  # people
# Hardly anybody has only one name: a column may have been read as what it is not.
_ONE_NAME, _MOST_WITH_ONE_NAME = 0.2, 2


def summarise_changes(
    session: Session, file: RosterFile, every: Collection[Changes], facilities_by_key: dict[str, StoredFacility]
) -> RosterPlan:
    """The plan that sums up all these changes. `facilities_by_key` holds all facilities by key."""
    plan = RosterPlan()
    names = {facility.id: facility.name for facility in facilities_by_key.values()}
    for changes in every:
        report = changes.roster.report
        report.new, report.changed = len(changes.new), len(changes.changed)
        report.moved, report.released = len(changes.moved), len(changes.released)
        report.missing, report.back = len(changes.missing), len(changes.back)
        report.unchanged = changes.unchanged
        report.merges = [merge_line(merge) for merge in changes.merges]
        again = [merge.update.before for merge in changes.merges if not merge.update.before.is_held]
        report.notes += refund_notes(session, [*again, *(person for person in changes.back if not person.is_held)])
        report.missing_people = [_person_line(before) for before, _ in changes.missing[:MOST_LISTED]]
        report.examples = _examples(changes, names)
        report.suspicious = list(_suspicions(changes))
        facility = changes.facility
        if facility.opening == Opening.LISTED and changes.roster.people:
            report.opens = [(facility.name, price_each(facility.price_cents))]
        plan.add(report)
    listed = {facilities_by_key[key].id for key in file.facilities if key in facilities_by_key}
    plan.suspicious += _emptied_facilities(session, every, listed, names)
    return plan


def _examples(changes: Changes, names: dict[int, str]) -> dict[str, list[str]]:
    lines: dict[str, Iterable[str]] = {
        "new": (_person_line(person) for _, person in changes.new),
        "changed": (f"{_person_line(before)}: {_difference(before, after)}" for before, after in changes.changed),
        "moved": (
            f"{_person_line(after)}: from {names[before.facility_id]} to {changes.facility.name}"
            for before, after in changes.moved
        ),
        "released": (_person_line(before) for before, _ in changes.released),
        "missing": (_person_line(before) for before, _ in changes.missing),
    }
    return {kind: found for kind, some in lines.items() if (found := list(islice(some, MOST_EXAMPLES)))}


def _person_line(person: Person | Stored) -> str:
    names = (person.number, person.first_name, person.middle_name, person.last_name, person.suffix)
    return " ".join(filter(None, names))


def _difference(before: Stored, after: Stored) -> str:
    """`housing B, now C`: the fields that differ."""
    pairs = zip(Stored._fields, before, after, strict=True)
    return ", ".join(
        f"{name.replace('_', ' ')} {old or 'unknown'}, now {new or 'unknown'}"
        for name, old, new in pairs
        if old != new and name != "number_key"
    )


def _suspicions(changes: Changes) -> Iterator[Sentence]:
    """Sentences about suspicious changes to one roster. People who move within the file do not count as gone."""
    held = changes.held - changes.leaving
    lost = len(changes.missing) + sum(
        before.is_held and not after.is_held for before, after in (*changes.released, *changes.changed)
    )
    came = sum(is_held(person) for _, person in changes.new) + len(changes.moved)
    came += sum(after.is_held and not before.is_held for before, after in changes.changed)
    if lost - came > _SHRUNK * held or lost > _GONE * held:
        yield Sentence(
            "{lost} of {held} people held at {facility} would be there no more",
            lost=lost,
            held=held,
            facility=changes.facility.name,
        )
    yield from _asked_sentence(changes)
    people, one_name = len(changes.roster.people), changes.roster.report.reading.one_name
    if one_name.count > max(_MOST_WITH_ONE_NAME, _ONE_NAME * people):
        yield Sentence(
            "{some} of {people} people would have only one name, such as {example}",
            some=one_name.count,
            people=people,
            example=one_name.cells[0],
        )
    renamed = sum(names_of(before) != names_of(after) for before, after in changes.changed)
    listed = len(changes.changed) + changes.unchanged
    if renamed >= _LEAST_RENAMED and renamed > _RENAMED * listed:
        yield Sentence(
            "{renamed} of {listed} numbers at {facility} would belong to other names",
            renamed=renamed,
            listed=listed,
            facility=changes.facility.name,
        )


def _asked_sentence(changes: Changes) -> Iterator[Sentence]:
    """A sentence about people who may be the same under another number, which only a person can decide."""
    if changes.asked:
        yield Sentence.counted(
            "{count} person would be released and come back under another number at {facility}: {example}",
            "{count} people would be released and come back under another number at {facility}: such as {example}",
            len(changes.asked),
            facility=changes.facility.name,
            example=changes.asked[0],
        )


def _emptied_facilities(
    session: Session, every: Collection[Changes], listed: set[int], names: dict[int, str]
) -> list[Sentence]:
    """Sentences about facilities that are not in this file and would lose many people: the file may be their roster."""
    taken = Counter(before.facility_id for changes in every for before, _ in changes.moved if before.is_held)
    reasons = []
    for facility_id, people in taken.items():
        if facility_id in listed or people < _LEAST_TAKEN:
            continue
        here = col(Inmate.facility_id) == facility_id, col(Inmate.custody) == Custody.HELD
        held = session.scalar(select(func.count()).select_from(Inmate).where(*here)) or 0
        if people > _TAKEN * held:
            reasons.append(
                Sentence(
                    "{people} of {held} people held at {facility} would move away",
                    people=people,
                    held=held,
                    facility=names[facility_id],
                )
            )
    return reasons
