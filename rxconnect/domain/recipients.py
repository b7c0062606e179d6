"""Recipients: what one text finds when a family says to whom it wants to write, as a number, a name or a facility."""

from __future__ import annotations

from dataclasses import dataclass, field

from rxconnect.domain.facilities import FacilityView
from rxconnect.domain.inmates import InmateView


@dataclass(frozen=True, slots=True)
class Recipients:
    """The people and the facilities that a text may mean, each the likeliest first. `has_more`: there are more people."""

    people: list[InmateView] = field(default_factory=list)
    facilities: list[FacilityView] = field(default_factory=list)
    has_more: bool = False

    @property
    def key(self) -> str:
        """The ids of the listed people and facilities, in their order. It changes when the list does."""
        ids = [person.id for person in self.people] + [facility.id for facility in self.facilities]
        return " ".join(map(str, ids))

    @property
    def exact(self) -> list[InmateView]:
        """The people whose number or name is the one that was typed."""
        return [person for person in self.people if not person.why]

    @property
    def only(self) -> InmateView | FacilityView | None:
        """The one that is meant, when nobody and nothing else can be; None otherwise."""
        if len(self.exact) == 1 and len(self.people) == 1:
            return self.exact[0]
        return self.facilities[0] if len(self.facilities) == 1 and not self.people else None
