"""Demo sessions: their limits, the kinds of seats, and the read models.

A session is a room of people around one world (`rxconnect/world.py`). Its rows lie in the installation's own database; all
that the product does lies in the world.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rxconnect.domain.accounts import ActorKind
from rxconnect.i18n import N_, _

LASTS = timedelta(minutes=60)
# Each time it is extended, a session lasts so much longer, until it has lasted the longest.
EXTENDS_BY, LONGEST = timedelta(minutes=30), timedelta(hours=8)
# Sessions that are open at once, on this installation and from one address or account; and people in one session.
MOST, PER_ADDRESS, MOST_SEATS = 30, 3, 30
# How long the summary of an ended session can be read.
SUMMARY_LASTS = timedelta(days=1)

NAME_MAX, NOTE_MAX, MOST_NOTES = 40, 500, 100
# Characters of a scenario's file, and its steps.
SCENARIO_MAX, MOST_STEPS = 20_000, 20
# What is chosen in place of a built-in scenario's key by somebody who brings one.
OWN_SCENARIO = "own"


class SeatKind(StrEnum):
    """What somebody in a session sees, and may be handed."""

    WATCH = "watch"
    FAMILY = "family"
    STAFF = "staff"

    @property
    def label(self) -> str:
        """The kind as shown to people."""
        return _(_KINDS[self].label)

    @property
    def acts_as(self) -> ActorKind:
        """The kind of the scenario's account that this seat acts as."""
        return _KINDS[self].acts_as

    @property
    def may_drive(self) -> bool:
        """Whether the wheel can be handed to this seat."""
        return _KINDS[self].may_drive


@dataclass(frozen=True, slots=True)
class _Kind:
    label: str
    acts_as: ActorKind
    may_drive: bool


# A new kind of seat is a row here, and a key in each scenario that has an account for it.
_KINDS = {
    SeatKind.WATCH: _Kind(N_("Watching"), ActorKind.FAMILY, may_drive=False),
    SeatKind.FAMILY: _Kind(N_("Family"), ActorKind.FAMILY, may_drive=True),
    SeatKind.STAFF: _Kind(N_("Staff"), ActorKind.STAFF, may_drive=True),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """One browser in a session, as the edges need it. `world` and `language` are the session's, `driver` is a name."""

    id: int
    session_id: int
    world: str
    kind: SeatKind
    name: str
    is_trainer: bool
    drives: bool
    follows: bool
    is_paused: bool
    language: str
    driver: str

    @property
    def may_write(self) -> bool:
        """Whether this seat can change something in the world now."""
        return self.drives and not self.is_paused

    @property
    def writer(self) -> str:
        """The name of the one person who can change something now; "" is nobody, while the session is paused."""
        return "" if self.is_paused else self.driver


@dataclass(frozen=True, slots=True)
class SeatView:
    """A person in the room, as the others see them. `asks` is whether they have asked for the wheel."""

    id: int
    name: str
    kind: str
    kind_label: str
    is_me: bool
    is_trainer: bool
    drives: bool
    follows: bool
    asks: bool
    may_drive: bool


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the scenario. `number` counts from 1; `at` is a route, `mark` the id of the control on that page."""

    number: int
    do: str
    say: str
    at: str
    mark: str
    is_done: bool
    is_next: bool
    # Whether a checkpoint from before this step is kept.
    can_reset: bool


@dataclass(frozen=True, slots=True)
class NoteView:
    """A question that somebody asked; `step` is the number of the step that it came up in, or 0."""

    text: str
    step: int


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as one of its seats sees it. `start` is an address in the world; `next_step` is 0 when all are done."""

    id: int
    code: str
    title: str
    about: str
    start: str
    language: str
    expires_at: datetime
    minutes_left: int
    can_extend: bool
    allows_guests: bool
    is_locked: bool
    is_paused: bool
    driver: str
    me: SeatView
    people: tuple[SeatView, ...]
    steps: tuple[StepView, ...]
    next_step: int
    notes: tuple[NoteView, ...]
    # Under which number the trainer will find the summary; "" for others.
    summary: str


@dataclass(frozen=True, slots=True)
class StepSummary:
    """A step after the session: `minutes` is how long it took, None when it was not done."""

    number: int
    do: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class SummaryView:
    """What is kept of a session for a day."""

    number: str
    title: str
    day: str
    minutes: int
    people: int
    steps: tuple[StepSummary, ...]
    notes: tuple[NoteView, ...]
