"""The list of one facility in a file: its people by number, and what rows about the same person add up to."""

from __future__ import annotations

from dataclasses import dataclass, field

from rxconnect.domain.imports import RosterPlan
from rxconnect.domain.inmates import Person
from rxconnect.domain.readings import Place
from rxconnect.domain.sentences import Sentence
from rxconnect.services.rosters.roster_people import is_held, is_same
from rxconnect.services.rosters.roster_rows import with_aliases


@dataclass(slots=True)
class FacilityRoster:
    """One facility in a file: its people by number (`roster_rows.number_of`), and the rows that were left out."""

    people: dict[str, Person] = field(default_factory=dict)
    # The numbers of rows that were left out. These people still count as listed: a bad row must not release them.
    unreadable: set[str] = field(default_factory=set)
    # The fields for which the file has no column (`roster_columns.missing_columns`).
    missing_columns: frozenset[str] = frozenset()
    report: RosterPlan = field(default_factory=RosterPlan)
    # Other names of the people with these numbers, from rows that give nothing else, each with its place.
    _aliases: dict[str, list[tuple[Place, str]]] = field(default_factory=dict)

    def add_alias(self, number: str, place: Place, name: str) -> None:
        """Add a row that only gives another name of somebody."""
        self._aliases.setdefault(number, []).append((place, name))

    def finish(self) -> None:
        """Give people their other names, after the last row. Without a row of the person, the rows of aliases are left out."""
        for number, found in self._aliases.items():
            if person := self.people.get(number):
                self.people[number] = with_aliases(person, [name for _, name in found])
                self.report.repeats += len(found)
                continue
            self.unreadable.add(number)
            for place, _ in found:
                self.report.leave_out(
                    place, Sentence("only another name of this person is listed, and not the name itself")
                )

    def add(self, number: str, person: Person) -> Sentence | None:
        """Add a person. Returns the reason if the row is left out.

        Several rows may be about one person, such as one for each charge. A row that says *held* replaces one that says
        otherwise. Else the first row counts.
        """
        first = self.people.get(number)
        if first is None:
            self.people[number] = person
            return None
        is_better = is_held(person) and not is_held(first)
        if is_better:
            self.people[number] = person
        if is_same(person, first):
            self.report.repeats += person == first
            self.report.disagreements += person != first
            return None
        if is_better:
            return Sentence("{number} was in an earlier row already; who is in custody was kept", number=person.number)
        return Sentence("{number} was in an earlier row already; the first was kept", number=person.number)
