"""Demo sessions: their limits, the kinds of seats, and the read models.

A session is a group of people in one world (`rxconnect/world.py`). Its rows are in the installation's own database. The
product's data is in the world.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rxconnect.domain.accounts import ActorKind
from rxconnect.domain.breaking import BreakView
from rxconnect.domain.judging import JudgingStatus
from rxconnect.i18n import N_, _

LASTS = timedelta(minutes=60)
# The time that one extension adds, and the longest time of a session.
EXTENDS_BY, LONGEST = timedelta(minutes=30), timedelta(hours=8)
# The most open sessions of this installation, and of one address or account; and the most people in one session.
MOST, PER_ADDRESS, MOST_SEATS = 30, 3, 30
# The time for which the summary of an ended session is kept.
SUMMARY_LASTS = timedelta(days=1)

NAME_MAX, NOTE_MAX, MOST_NOTES = 40, 500, 100
# The longest requirement, and the longest remark about what was shown for one.
REQUIREMENT_MAX, REMARK_MAX, MOST_REQUIREMENTS = 500, 500, 200
# Bytes of a file that holds a world; a world of today needs a few megabytes. The most files that are kept for trainers.
WORLD_FILE_MAX, MOST_WORLD_FILES = 8 * 1024 * 1024, 100
WORLD_FILE_SUFFIX = ".rxdemo"
# The most characters of a scenario's file, and the most steps.
SCENARIO_MAX, MOST_STEPS = 20_000, 20
# What is chosen in place of a built-in scenario's key by somebody who brings one.
OWN_SCENARIO = "own"


class SeatKind(StrEnum):
    """The kind of a seat: the account that it acts as, and whether it may drive."""

    WATCH = "watch"
    FAMILY = "family"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    KIOSK = "kiosk"

    @property
    def label(self) -> str:
        """The kind's name, as shown on pages."""
        return _(_KINDS[self].label)

    @property
    def take_label(self) -> str:
        """The label of the button that takes a seat of this kind."""
        return _(_TAKE[self])

    @property
    def acts_as(self) -> ActorKind:
        """The kind of the scenario's account that this seat acts as."""
        return _KINDS[self].acts_as

    @property
    def account(self) -> str:
        """The key of a scenario's file that says which account this is."""
        return _KINDS[self].account

    @property
    def may_drive(self) -> bool:
        """Whether this seat may get the wheel, and may act when everyone does."""
        return _KINDS[self].may_drive


@dataclass(frozen=True, slots=True)
class _Kind:
    label: str
    acts_as: ActorKind
    account: str
    may_drive: bool


# A new kind of seat needs a row here, and a key in the scenarios' files (`demo/scenarios.py`).
_KINDS = {
    SeatKind.WATCH: _Kind(N_("Watching"), ActorKind.FAMILY, "family", may_drive=False),
    SeatKind.FAMILY: _Kind(N_("Family"), ActorKind.FAMILY, "family", may_drive=True),
    SeatKind.REVIEWER: _Kind(N_("Reviewer"), ActorKind.STAFF, "reviewer", may_drive=True),
    SeatKind.ADMINISTRATOR: _Kind(N_("Administrator"), ActorKind.STAFF, "administrator", may_drive=True),
    SeatKind.AUDITOR: _Kind(N_("Auditor"), ActorKind.STAFF, "auditor", may_drive=True),
    SeatKind.KIOSK: _Kind(N_("Kiosk"), ActorKind.KIOSK, "kiosk", may_drive=True),
}


_TAKE = {
    SeatKind.WATCH: N_("Only watch"),
    SeatKind.FAMILY: N_("Take the family's seat"),
    SeatKind.REVIEWER: N_("Take the reviewer's seat"),
    SeatKind.ADMINISTRATOR: N_("Take the administrator's seat"),
    SeatKind.AUDITOR: N_("Take the auditor's seat"),
    SeatKind.KIOSK: N_("Take the seat at the kiosk"),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """One browser in a session. `world` is the session's, `language` too unless it chose one, and `driver` is the driver's name.

    While it `follows`, it sees the pages of the seat `sees`: the one that its user has chosen, as long as that seat looks at
    pages of its own, and otherwise the driver's. A seat that does not follow sees its own. Either one seat `drives`, or
    `everyone_acts` at their own seat. Then the driver is only the one whom watchers see.
    """

    id: int
    session_id: int
    world: str
    kind: SeatKind
    name: str
    is_trainer: bool
    drives: bool
    follows: bool
    sees: int
    is_paused: bool
    everyone_acts: bool
    language: str
    driver: str

    @property
    def may_write(self) -> bool:
        """Whether this seat may change data in the world now."""
        return not self.is_paused and acts(
            self.kind, drives=self.drives, follows=self.follows, everyone_acts=self.everyone_acts
        )

    @property
    def writer(self) -> str | None:
        """The name of the only person who may change data now, "" while the session is paused, None if everyone acts."""
        if self.is_paused:
            return ""
        return None if self.everyone_acts else self.driver


def seen(own: int, follows: bool, driver: int, chosen: int | None, *, is_shown: bool) -> int:
    """The seat whose pages a seat sees. `is_shown` is whether the `chosen` one can be followed (`can_be_followed`)."""
    if not follows:
        return own
    return chosen if chosen and is_shown else driver


def can_be_followed(kind: SeatKind, *, follows: bool) -> bool:
    """Whether others may see the pages of a seat: they are its own, and it is not one that only watches."""
    return kind.may_drive and not follows


def acts(kind: SeatKind, *, drives: bool, follows: bool, everyone_acts: bool) -> bool:
    """Whether a seat changes data of the world, unless the session is paused."""
    return kind.may_drive and not follows if everyone_acts else drives


class Gone(StrEnum):
    """Why a seat is gone."""

    ENDED = "ended"
    EXPIRED = "expired"
    REMOVED = "removed"
    UNKNOWN = "unknown"

    @property
    def consequence(self) -> str:
        """What follows from it. Only whoever may have been removed is sent to the trainer."""
        if self in (Gone.ENDED, Gone.EXPIRED):
            return _("Its invented people and messages are deleted within a day.")
        return _("If you expected to be in it still, ask the trainer.")


_GONE = {
    Gone.ENDED: N_("The session was ended."),
    Gone.EXPIRED: N_("The session's time is over."),
    Gone.REMOVED: N_("You were removed from the session. It goes on without you."),
    Gone.UNKNOWN: N_("The session is over, or you were removed from it."),
}
# Where the trainer's name is known.
_THANKS = {
    Gone.ENDED: N_("{trainer} has ended the session. Thank you for watching."),
    Gone.EXPIRED: N_("The time of {trainer}'s session is over. Thank you for watching."),
}


@dataclass(frozen=True, slots=True)
class Farewell:
    """What a browser is told whose seat is gone. `summary` is the number of the summary, for the trainer alone.

    `trainer` is the name of whoever has shown the session, or "" if that is not known, or none of the browser's business.
    """

    why: Gone
    summary: str = ""
    trainer: str = ""

    @property
    def reason(self) -> str:
        """Why the seat is gone, and thanks to whoever has watched."""
        if self.trainer and not self.summary:
            return _(_THANKS[self.why]).format(trainer=self.trainer)
        return _(_GONE[self.why])


@dataclass(frozen=True, slots=True)
class SeatView:
    """A person in the room, as the others see them. `asks` is true if they have asked for the wheel.

    A seat that `acts` changes data of the world: the driver, or each seat that may drive. One that `follows` sees the pages of
    the seat `sees`, whose name is `sees_name`.
    """

    id: int
    name: str
    kind: str
    kind_label: str
    is_me: bool
    is_trainer: bool
    drives: bool
    acts: bool
    follows: bool
    sees: int
    sees_name: str
    asks: bool
    may_drive: bool
    can_be_followed: bool


@dataclass(frozen=True, slots=True)
class KindView:
    """A kind of seat that may act, for the control that changes one's own."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the scenario. `number` counts from 1; `at` is a route, `mark` the ids of its controls on that page.

    `seat` is the kind of seat that it needs, "" if any does, and `take` the label of the button that takes it. `page` is
    the address at which it begins, "" if no press leads there.
    """

    number: int
    do: str
    say: str
    at: str
    mark: str
    seat: str
    take: str
    page: str
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
    """A session as one of its seats sees it. `start` is an address in the world. `next_step` is 0 if all are done.

    `breaks` is what the trainer has broken, the newest first, and `news` the newest in one line, "" unless it is new. Pages
    count for the kill `counted_kill`, which is 0 if none is counted.
    """

    id: int
    code: str
    title: str
    about: str
    start: str
    language: str
    expires_at: datetime
    can_extend: bool
    allows_guests: bool
    is_locked: bool
    is_paused: bool
    everyone_acts: bool
    driver: str
    kinds: tuple[KindView, ...]
    me: SeatView
    people: tuple[SeatView, ...]
    # The name of the person in the room who joined last, or "" while the trainer is alone.
    newest: str
    steps: tuple[StepView, ...]
    next_step: int
    notes: tuple[NoteView, ...]
    # None before the trainer has begun one.
    judging: JudgingStatus | None
    breaks: tuple[BreakView, ...]
    news: str
    counted_kill: int


class RequirementFilter(StrEnum):
    """Which requirements the trainer looks at."""

    ALL = "all"
    OPEN = "open"
    SHOWN = "shown"

    @property
    def label(self) -> str:
        """Its name, as shown on pages."""
        return _(_FILTERS[self])

    def takes(self, *, is_shown: bool) -> bool:
        """Whether a requirement is among them."""
        return self is RequirementFilter.ALL or (self is RequirementFilter.SHOWN) is is_shown


_FILTERS = {
    RequirementFilter.ALL: N_("All"),
    RequirementFilter.OPEN: N_("Not shown yet"),
    RequirementFilter.SHOWN: N_("Shown"),
}


@dataclass(frozen=True, slots=True)
class RequirementView:
    """A requirement of the audience. `minute` is that of the session in which it was shown, or 0. `what` was shown then."""

    id: int
    number: int
    text: str
    minute: int
    what: str


@dataclass(frozen=True, slots=True)
class RequirementList:
    """The requirements that a trainer looks at, of `total` in all, of which `shown` were shown; and whether there are `more`."""

    total: int
    shown: int
    found: int
    requirements: tuple[RequirementView, ...]

    @property
    def has_more(self) -> bool:
        """Whether more requirements were found than these."""
        return self.found > len(self.requirements)


@dataclass(frozen=True, slots=True)
class StepSummary:
    """A step in the summary. `took` is the time that it took, or "" if it was not done.

    `is_earlier` says that it was done in an earlier session, whose world was opened again.
    """

    number: int
    do: str
    took: str
    is_earlier: bool = False


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A figure of the score, as text."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ScoreSummary:
    """The score of letters that the room has judged, in the summary: sums alone. `meaning` says how far the judges agreed."""

    title: str
    meaning: str
    lines: tuple[ScoreLine, ...]


@dataclass(frozen=True, slots=True)
class SummaryView:
    """The summary of an ended session. `has_file` is whether the reader may download its world."""

    number: str
    title: str
    trainer: str
    day: str
    lasted: str
    people: int
    steps: tuple[StepSummary, ...]
    notes: tuple[NoteView, ...]
    requirements: tuple[RequirementView, ...] = ()
    shown: int = 0
    score: ScoreSummary | None = None
    has_file: bool = False
