"""Lawyers: families whom a facility has verified as lawyers, so that its staff cannot read their letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from rxconnect.i18n import N_, _

BAR_NUMBER_MAX = 30
REFUSAL_MAX = 400
# A verification ends after this time at the latest, so that somebody looks at the bar's register again.
LONGEST = timedelta(days=731)
LONGEST_YEARS = 2


class LawyerState(StrEnum):
    """The state of a lawyer's request at a facility. A verification whose day has passed counts as ended too."""

    WAITING = "waiting"
    VERIFIED = "verified"
    REFUSED = "refused"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """The state as its lawyer reads it."""
        return _(_STATES[self])


_STATES = {
    LawyerState.WAITING: N_("Waiting for an administrator"),
    LawyerState.VERIFIED: N_("Verified as a lawyer"),
    LawyerState.REFUSED: N_("Not accepted"),
    LawyerState.ENDED: N_("Ended"),
}


@dataclass(frozen=True, slots=True)
class LawyerView:
    """A request or a verification. `until` and `decided` are "" before there is one; `reason` is that of a refusal."""

    id: int
    facility: str
    name: str
    email: str
    bar_number: str
    bar_state: str
    asked: str
    state: str
    state_label: str
    tone: str
    until: str
    reason: str
    # Another one after each correction.
    version: str


@dataclass(frozen=True, slots=True)
class LawyerRegister:
    """The lawyers of a member of staff's facilities: requests that wait, verifications that hold, and those that are over."""

    waiting: list[LawyerView]
    verified: list[LawyerView]
    past: list[LawyerView]
    # The last day that the form offers as an end, as YYYY-MM-DD.
    latest_end: str
