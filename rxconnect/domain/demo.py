"""Demo sessions: their limits, the kinds of seats, and the read models.

A session is a group of people in one world (`rxconnect/world.py`). Its rows are in the installation's own database. The
product's data is in the world.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rxconnect.domain.accounts import ActorKind
from rxconnect.i18n import N_, _

LASTS = timedelta(minutes=60)
# The time that one extension adds, and the longest time of a session.
EXTENDS_BY, LONGEST = timedelta(minutes=30), timedelta(hours=8)
# The most open sessions of this installation, and of one address or account; and the most people in one session.
MOST, PER_ADDRESS, MOST_SEATS = 30, 3, 30
# The time for which the summary of an ended session is kept.
SUMMARY_LASTS = timedelta(days=1)

NAME_MAX, NOTE_MAX, MOST_NOTES = 40, 500, 100
# The most characters of a scenario's file, and the most steps.
SCENARIO_MAX, MOST_STEPS = 20_000, 20
# What is chosen in place of a built-in scenario's key by somebody who brings one.
OWN_SCENARIO = "own"


class SeatKind(StrEnum):
    """The kind of a seat: the account that it acts as, and whether it may drive."""

    WATCH = "watch"
    FAMILY = "family"
    STAFF = "staff"

    @property
    def label(self) -> str:
        """The kind's name, as shown on pages."""
        return _(_KINDS[self].label)

    @property
    def acts_as(self) -> ActorKind:
        """The kind of the scenario's account that this seat acts as."""
        return _KINDS[self].acts_as

    @property
    def may_drive(self) -> bool:
        """Whether this seat may get the wheel."""
        return _KINDS[self].may_drive


@dataclass(frozen=True, slots=True)
class _Kind:
    label: str
    acts_as: ActorKind
    may_drive: bool


# A new kind of seat needs a row here, and a key in each scenario that has an account for it.
_KINDS = {
    SeatKind.WATCH: _Kind(N_("Watching"), ActorKind.FAMILY, may_drive=False),
    SeatKind.FAMILY: _Kind(N_("Family"), ActorKind.FAMILY, may_drive=True),
    SeatKind.STAFF: _Kind(N_("Staff"), ActorKind.STAFF, may_drive=True),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """One browser in a session. `world` and `language` are the session's, and `driver` is the driver's name."""

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
        """Whether this seat may change data in the world now."""
        return self.drives and not self.is_paused

    @property
    def writer(self) -> str:
        """The name of the only person who may change data now, or "" while the session is paused."""
        return "" if self.is_paused else self.driver


class Gone(StrEnum):
    """Why a seat is gone."""

    ENDED = "ended"
    EXPIRED = "expired"
    REMOVED = "removed"
    UNKNOWN = "unknown"

    @property
    def sentence(self) -> str:
        """The reason, as its browser is told."""
        return _(_GONE[self])


_GONE = {
    Gone.ENDED: N_("The session was ended."),
    Gone.EXPIRED: N_("The session's time is over."),
    Gone.REMOVED: N_("You were removed from the session. It goes on without you."),
    Gone.UNKNOWN: N_("The session is over, or you were removed from it."),
}


@dataclass(frozen=True, slots=True)
class Farewell:
    """What a browser is told whose seat is gone. `summary` is the number of the summary, for the trainer."""

    why: Gone
    summary: str = ""


@dataclass(frozen=True, slots=True)
class SeatView:
    """A person in the room, as the others see them. `asks` is true if they have asked for the wheel."""

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
    # Whether there is a checkpoint from before this step.
    can_reset: bool


@dataclass(frozen=True, slots=True)
class NoteView:
    """A question from the audience. `step` is the number of the step in which it came up, or 0."""

    text: str
    step: int


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as one of its seats sees it. `start` is an address in the world. `next_step` is 0 if all are done."""

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


@dataclass(frozen=True, slots=True)
class StepSummary:
    """A step in the summary. `minutes` is the time that it took, or None if it was not done."""

    number: int
    do: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class SummaryView:
    """The summary of an ended session."""

    number: str
    title: str
    day: str
    minutes: int
    people: int
    steps: tuple[StepSummary, ...]
    notes: tuple[NoteView, ...]
