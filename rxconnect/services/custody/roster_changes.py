"""The changes that a file makes to one stored roster, person by person (`roster_comparison` finds them)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from rxconnect.domain.inmates import Person
from rxconnect.domain.sentences import Sentence
from rxconnect.services.custody.roster_absences import Absence
from rxconnect.services.rosters.roster_lists import FacilityRoster
from rxconnect.services.rosters.roster_people import Stored, StoredFacility


class Update(NamedTuple):
    """A person before and after a change. When the person moved, `before` is at another facility."""

    before: Stored
    after: Stored


class Merge(NamedTuple):
    """A person who was gone and somebody new are one. `absorbed` is the new person's row, if there is one already."""

    update: Update
    absorbed: Stored | None = None


@dataclass(slots=True)
class Changes:
    """The changes to one roster."""

    facility: StoredFacility
    roster: FacilityRoster
    # The people held here now, without those who are missing from an earlier list already.
    held: int = 0
    new: list[tuple[str, Person]] = field(default_factory=list)
    changed: list[Update] = field(default_factory=list)
    moved: list[Update] = field(default_factory=list)
    # Those whom the file lists as released.
    released: list[Update] = field(default_factory=list)
    # Those whom the file does not list, for the first time, and those whom an earlier list lacked already.
    missing: list[Update] = field(default_factory=list)
    still_missing: list[Stored] = field(default_factory=list)
    # Those who were missing and are listed again. They may be among the other changes, too.
    back: list[Stored] = field(default_factory=list)
    # Those whose numbers were given to somebody else, and who were not held or missing already.
    aside: list[Update] = field(default_factory=list)
    # The updates of people under new numbers are among `changed` and `moved` as well.
    merges: list[Merge] = field(default_factory=list)
    asked: list[Sentence] = field(default_factory=list)
    absences: dict[int, Absence] = field(default_factory=dict)
    unchanged: int = 0
    # The number of people held here whom this file lists at another facility. That facility's roster moves them.
    leaving: int = 0

    @property
    def updates(self) -> list[Update]:
        """Every change of a stored person's columns."""
        missing = [update for update in self.missing if update.before != update.after]
        return [*self.changed, *self.moved, *self.released, *missing, *self.aside]
