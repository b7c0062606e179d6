"""The figures of the desk: today's, and those of 90 days by week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rxconnect.i18n import N_, _


@dataclass(frozen=True, slots=True)
class Figures:
    """The desk today, in one facility's time zone. The times are sentences such as `3 hours`, "" without a decision.

    `misses` are the readings of the last 90 days that an administrator found wrong: speed is never shown without them.
    """

    waiting: int
    overdue: int
    decided: int
    rejected: int
    median: str
    p95: str
    misses: int = 0


@dataclass(frozen=True, slots=True)
class TimesToday:
    """How long the letters waited that were decided today: `5 minutes`, "" without a decision. `misses` as in `Figures`."""

    median: str
    p95: str
    misses: int = 0


@dataclass(frozen=True, slots=True)
class DayCount:
    """The number of decisions of one day: `day` is ISO, `key` the queue, hold reason or reason, `label` its name."""

    day: str
    key: str
    label: str
    count: int


class FigureGroup(StrEnum):
    """What the figures of 90 days are grouped by."""

    QUEUE = "queue"
    RULE = "rule"
    HELD_FOR = "held_for"
    REASON = "reason"
    OUTCOME = "outcome"

    @property
    def label(self) -> str:
        """The group's name."""
        return _(_GROUPS[self])


_GROUPS = {
    FigureGroup.QUEUE: N_("By queue"),
    FigureGroup.RULE: N_("By rule"),
    FigureGroup.HELD_FOR: N_("By why it waited"),
    FigureGroup.REASON: N_("By reason"),
    FigureGroup.OUTCOME: N_("By outcome"),
}


@dataclass(frozen=True, slots=True)
class WeekBar:
    """A week's column: its place and size in percent of the drawing."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class WeeklyCounts:
    """A line of the figures: decisions in each of the last weeks, the oldest first, and in all.

    `bars` draws them on the scale of the highest week of all lines, and `weeks` are the counts themselves.
    """

    label: str
    total: int
    weeks: list[int]
    bars: list[WeekBar]


def weekly_counts(days: Iterable[DayCount], today: date, weeks: int = 13) -> list[WeeklyCounts]:
    """The decisions of these days by week, a line for each key, the most frequent first."""
    lines: dict[str, list[int]] = {}
    labels: dict[str, str] = {}
    for day in days:
        ago = (today - date.fromisoformat(day.day)).days // 7
        if 0 <= ago < weeks:
            lines.setdefault(day.key, [0] * weeks)[weeks - 1 - ago] += day.count
            labels[day.key] = day.label
    most = max((count for line in lines.values() for count in line), default=0) or 1
    counted = [
        WeeklyCounts(
            labels[key], sum(line), line, [_week_bar(place, count / most, weeks) for place, count in enumerate(line)]
        )
        for key, line in lines.items()
    ]
    return sorted(counted, key=lambda line: -line.total)


def _week_bar(place: int, share: float, weeks: int) -> WeekBar:
    room = 100 / weeks
    return WeekBar(f"{place * room:.2f}%", f"{100 - 100 * share:.1f}%", f"{room * 0.8:.2f}%", f"{100 * share:.1f}%")
