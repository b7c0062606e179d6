"""What a public-records request is given about a letter, and what is withheld because few letters are like it."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from rxconnect.domain.appeals import AppealStatus
from rxconnect.domain.messages import MessageStatus

# Facts that fewer letters of a month share are withheld.
FEWEST = 5
WITHHELD = "withheld"
# The upper edges of the bands of hours, so that no exact time identifies a letter.
_HOURS = (4, 12, 24, 48, 72, 168)
# Facts are withheld in this order, each group only while too few letters share all that is left.
_WITHHELD_FIRST = (("hours", "in_time"), ("appeal",), ("reason",))


class LetterFacts(NamedTuple):
    """What is told about a letter. Programs read the values, so they are not translated; "" is a fact that it has not."""

    outcome: str
    decided_by: str
    hours: str
    in_time: str
    reason: str
    appeal: str

    @classmethod
    def of(cls, status: str, decision: tuple[int, bool] | None, reason: str | None, appeal: str) -> LetterFacts:
        """The facts of a letter. `decision` is (seconds waited, is late) of the first one, and `reason` that of a rejection."""
        is_rejected_in_part = (
            reason is not None and status != MessageStatus.REJECTED and appeal != AppealStatus.OVERTURNED
        )
        return cls(
            outcome=f"{_outcome(MessageStatus(status))}{', a part rejected' if is_rejected_in_part else ''}",
            decided_by="staff" if decision else "rules" if _is_released(MessageStatus(status)) else "",
            hours=_band(decision[0]) if decision else "",
            in_time=("no" if decision[1] else "yes") if decision else "",
            reason=reason or "",
            appeal=appeal,
        )


class RedactedLetter(NamedTuple):
    """A line of the export. `letter` is a random number, and `month` the month in which the letter was sent."""

    letter: str
    month: str
    facts: LetterFacts


def redact(letters: list[LetterFacts]) -> list[LetterFacts]:
    """The same letters of one month in the same order, with the facts withheld that fewer than `FEWEST` of them share."""
    for names in _WITHHELD_FIRST:
        counts = Counter(letters)
        letters = [one if counts[one] >= FEWEST else _without(one, names) for one in letters]
    return letters


def _without(letter: LetterFacts, names: tuple[str, ...]) -> LetterFacts:
    """The letter with these facts withheld, also where it has none: a blank would tell that."""
    return letter._replace(**dict.fromkeys(names, WITHHELD))


def _outcome(status: MessageStatus) -> str:
    if status.is_undecided:
        return "waiting"
    return "delivered" if status.has_arrived else status.value


def _is_released(status: MessageStatus) -> bool:
    """Whether rules have let a letter through about which nobody decided. One that came back may have waited until then."""
    return status.has_arrived or status is MessageStatus.APPROVED


def _band(seconds: int) -> str:
    """The hours as a band: `12 to 24`."""
    least = 0
    for most in _HOURS:
        if seconds <= most * 3600:
            return f"{least} to {most}"
        least = most
    return f"more than {least}"
