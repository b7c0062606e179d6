"""Decides who is one person under two numbers.

The same first and last name and the same whole birth date, one gone and one new, at a facility or within a state, are
one person, if nobody else fits and no middle name or suffix contradicts. All else is only asked, because a wrong merge
would show one person's letters to another's family.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rxconnect.domain.inmates import Person
from rxconnect.domain.sentences import Sentence, Value
from rxconnect.services.rosters.roster_people import (
    Stored,
    StoredFacility,
    births_contradict,
    have_same_birth_date,
    may_be_one,
)

# A state (or a facility without one), and first and last names in it.
Names = tuple[str, str]
# The people who are gone, by names and id.
Gone = dict[Names, dict[int, Stored]]


class Newcomer(NamedTuple):
    """Somebody new: in the file, or stored within thirty days. `number` is the key."""

    facility: StoredFacility
    number: str
    person: Person | Stored

    @property
    def stored_id(self) -> int | None:
        """The id of the row of a newcomer who is stored already."""
        return self.person.id if isinstance(self.person, Stored) else None


@dataclass(slots=True)
class Identities:
    """Who is who in a file: the stored person for each newcomer, and the newcomer for each stored person."""

    # By the facility's id and the key of the number.
    newcomers: dict[tuple[int, str], Stored] = field(default_factory=dict)
    gone: dict[int, Newcomer] = field(default_factory=dict)
    # `0042 Ann Abel as 42, …`: people who may be one, by the id of the facility that tells of it.
    asked: dict[int, list[Sentence]] = field(default_factory=lambda: defaultdict(list))


def realm_of(facility: StoredFacility) -> str:
    """Where people are looked for: the facility's state, or the facility alone if its state is unknown."""
    return facility.state or facility.key


def match_people(
    gone: Gone,
    newcomers: Mapping[Names, Collection[Newcomer]],
    by_id: Mapping[int, StoredFacility],
    doubts: Mapping[int, Sentence],
) -> Identities:
    """Match the people who are gone with those who are new. Those with `doubts`, by id, are only asked about."""
    found = Identities()
    for key, some in newcomers.items():
        for newcomer in some:
            for person, doubt in _matches(newcomer, list(gone.get(key, {}).values()), some, doubts):
                if doubt:
                    _ask(found, person, newcomer, doubt, by_id)
                else:
                    found.newcomers[newcomer.facility.id, newcomer.number] = person
                    found.gone[person.id] = newcomer
    return found


def _matches(
    newcomer: Newcomer, gone: Collection[Stored], newcomers: Collection[Newcomer], doubts: Mapping[int, Sentence]
) -> Iterator[tuple[Stored, Sentence | None]]:
    """The person who is gone and fits this newcomer, and why that is in doubt, if it is."""
    proven = [person for person in gone if have_same_birth_date(person, newcomer.person)]
    if proven:
        others = [one for one in newcomers if have_same_birth_date(one.person, newcomer.person)]
        if len(proven) > 1 or len(others) > 1:
            yield proven[0], Sentence("but more than one person has that name and birth date")
        elif not may_be_one(proven[0], newcomer.person):
            yield proven[0], Sentence("but the middle names or suffixes differ")
        else:
            yield proven[0], doubts.get(proven[0].id) or doubts.get(newcomer.stored_id or 0)
        return
    for person in gone:
        is_here = person.facility_id == newcomer.facility.id
        if is_here and not births_contradict(person, newcomer.person) and may_be_one(person, newcomer.person):
            yield person, Sentence("but without a whole birth date to prove it")
            return


def _ask(
    found: Identities, person: Stored, newcomer: Newcomer, doubt: Sentence, by_id: Mapping[int, StoredFacility]
) -> None:
    is_here = person.facility_id == newcomer.facility.id
    before = f"{person.number} {person.first_name} {person.last_name}"
    # A newcomer who is stored already may be at a facility that is not in the file.
    told_at = person.facility_id if newcomer.stored_id is not None else newcomer.facility.id
    about: dict[str, Value] = {"before": before, "after": newcomer.person.number, "doubt": doubt}
    if not is_here and told_at != person.facility_id:
        about |= {"from": by_id[person.facility_id].name, "at": newcomer.facility.name}
        asked = Sentence("{before} from {from} as {after} at {at}, {doubt}", **about)
    elif not is_here:
        asked = Sentence("{before} as {after} at {at}, {doubt}", **about, at=newcomer.facility.name)
    else:
        asked = Sentence("{before} as {after}, {doubt}", **about)
    found.asked[told_at].append(asked)
