"""Reports of a facility: which one is asked for, and what is counted in it. `report_views` puts it into words."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from rxconnect.domain import dates, report_periods
from rxconnect.domain.audit_chain import Head
from rxconnect.domain.report_periods import ReportPeriod


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """A period that the page offers, and whether it is the shown one."""

    period: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class AskedReport:
    """A report that was asked for. `head` is that of the chain, whose last row is that it was asked for."""

    facility_id: int
    key: str
    facility: str
    zone: str
    promised_hours: int
    expires_after_days: int
    period: ReportPeriod
    head: Head
    at: datetime

    @property
    def choices(self) -> list[PeriodChoice]:
        """The periods that the page offers."""
        offered = report_periods.offered(self._today)
        return [PeriodChoice(one.text, label, one == self.period) for label, one in offered]

    @property
    def spans(self) -> list[tuple[datetime, datetime]]:
        """The first moment of each part of the period and the moment after it, in the facility's time zone."""
        return self._spans(self.period.edges())

    @property
    def month_spans(self) -> list[tuple[datetime, datetime]]:
        """The same of each whole month that has a day in the period and of which no letter waits any more.

        It has been over for longer than letters can wait, so that its last ones are decided or expired.
        """
        return self._spans(self.period.whole_months(self._today - timedelta(days=self.expires_after_days + 1)))

    @property
    def months(self) -> str:
        """The names of these months; "" without any."""
        return ", ".join(dates.month_and_year(begins.date()) for begins, _ends in self.month_spans)

    @property
    def _today(self) -> date:
        return self.at.astimezone(ZoneInfo(self.zone)).date()

    def _spans(self, edges: list[date]) -> list[tuple[datetime, datetime]]:
        zone = ZoneInfo(self.zone)
        return list(pairwise(datetime.combine(edge, time(), zone) for edge in edges))


@dataclass(slots=True)
class PeriodPart:
    """What is counted in a week or a month.

    `letters` counts the letters that were sent in it, by their status now; `minutes` the decisions about letters that took
    effect in it, by how many whole minutes the letter had waited; and `late` those after the promised time.
    """

    begins: date
    ends: date
    letters: Counter[str] = field(default_factory=Counter)
    minutes: Counter[int] = field(default_factory=Counter)
    late: int = 0

    @property
    def decided(self) -> int:
        """The number of decisions about letters."""
        return self.minutes.total()


@dataclass(slots=True)
class StaffCounts:
    """What a member of staff decided in a period, and what became of it.

    `appealed` counts the appeals against their rejections that were decided in the period, and `overturned` those that
    went against them. Both stand beside `decided` wherever it is shown.
    """

    name: str
    decided: int = 0
    rejected: int = 0
    appeals_decided: int = 0
    appealed: int = 0
    overturned: int = 0


@dataclass(slots=True)
class ReportFigures:
    """Everything that is counted at a facility in a period."""

    facility_id: int
    facility: str
    zone: str
    promised_hours: int
    period: ReportPeriod
    as_of: str
    parts: list[PeriodPart]
    reasons: Counter[str] = field(default_factory=Counter)
    appeals: Counter[str] = field(default_factory=Counter)
    staff: list[StaffCounts] = field(default_factory=list)

    @property
    def total(self) -> PeriodPart:
        """All parts together."""
        whole = PeriodPart(self.period.first, self.period.last)
        for part in self.parts:
            whole.letters += part.letters
            whole.minutes += part.minutes
            whole.late += part.late
        return whole


def percentile(minutes: Counter[int], percent: int) -> int | None:
    """The nearest-rank percentile of counted minutes; None without any."""
    rank, seen = math.ceil(minutes.total() * percent / 100), 0
    for value in sorted(minutes):
        seen += minutes[value]
        if seen >= rank:
            return value
    return None
