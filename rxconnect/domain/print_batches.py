"""Print batches: until a facility has tablets, approved letters and notices are printed and handed over on paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from rxconnect.domain.photos import PrintedPhoto
from rxconnect.i18n import N_, _


class Handover(StrEnum):
    """What became of a printed page. A letter that could not be handed over returns its credits."""

    WAITING = "waiting"
    HANDED_OVER = "handed over"
    MOVED = "moved"
    UNDELIVERABLE = "undeliverable"

    @property
    def label(self) -> str:
        """The outcome as staff read it."""
        return _(_HANDOVERS[self])


_HANDOVERS = {
    Handover.WAITING: N_("Not confirmed yet"),
    Handover.HANDED_OVER: N_("Handed over"),
    Handover.MOVED: N_("Person moved"),
    Handover.UNDELIVERABLE: N_("Could not be handed over"),
}


@dataclass(frozen=True, slots=True)
class PrintBatchLine:
    """A batch in the list. `confirmed` is "" until staff have confirmed it."""

    id: int
    facility: str
    made: str
    made_by: str
    letters: int
    notices: int
    confirmed: str


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A letter or a notice of a batch. `message_id` is 0 for a notice, whose `text` is its wording.

    `unit` is the part of `housing` that has a cover sheet of its own (`housing.unit_of`). `photos` are those of a letter that were
    let through. A page on screen has neither them nor the letter's text.
    """

    id: int
    message_id: int
    person: str
    number: str
    unit: str
    housing: str
    sender: str
    subject: str
    text: str
    sent: str
    handover: str
    handover_label: str
    photos: list[PrintedPhoto] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PrintBatchView:
    """A batch with its pages, sorted by housing unit, cell and name. A page of a housing unit follows its cover sheet."""

    id: int
    facility: str
    made: str
    made_by: str
    is_confirmed: bool
    confirmed: str
    pages: list[PrintedPage]


@dataclass(frozen=True, slots=True)
class ReadyToPrint:
    """How many letters and notices a new batch of a facility would have."""

    facility_id: int
    facility: str
    letters: int
    notices: int
