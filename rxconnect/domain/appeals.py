"""Appeals: a family says once, in its own words, why a rejected message should be delivered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from rxconnect.i18n import N_, _

# A family may appeal within this time after a rejection, with up to so many characters.
APPEAL_WITHIN = timedelta(days=10)
APPEAL_MAX = 1_000


class AppealStatus(StrEnum):
    """An appeal waits, and is then upheld or overturned; `upheld` means that the rejection stays."""

    WAITING = "waiting"
    UPHELD = "upheld"
    OVERTURNED = "overturned"

    @property
    def label(self) -> str:
        """The status as a family reads it."""
        return _(_APPEALS[self][0])

    @property
    def explanation(self) -> str:
        """One sentence that explains the status to a family."""
        return _(_APPEALS[self][1])


_APPEALS = {
    AppealStatus.WAITING: (N_("Appeal sent"), N_("Somebody else at the facility reads your letter again.")),
    AppealStatus.UPHELD: (N_("Appeal refused"), N_("Somebody else read your letter again and did not let it through.")),
    AppealStatus.OVERTURNED: (
        N_("Appeal granted"),
        N_("Somebody else read your letter again. It will be delivered, and it costs you nothing."),
    ),
}


@dataclass(frozen=True, slots=True)
class AppealView:
    """A family's appeal: `text` in its words, `answer` the deciding reviewer's remark."""

    status: str
    label: str
    explanation: str
    text: str
    at: str
    decided_at: str
    decided_by: str
    answer: str
