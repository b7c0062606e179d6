"""The periods of reports: a month, a quarter, a year, or the days from one date to another, on the facility's calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from rxconnect.domain import dates
from rxconnect.domain.errors import Invalid
from rxconnect.domain.problems import Problem
from rxconnect.i18n import _

# A leap year: the longest period.
MOST_DAYS = 366
# A longer period is shown month by month, a shorter one week by week.
_MOST_DAYS_BY_WEEK = 100
_DAY = timedelta(days=1)
# The years that Python's calendar knows, with a year before and after.
_FIRST_YEAR, _LAST_YEAR = 1900, 9998
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """The days from `first` to `last`. `text` is the period in an address: `2026-03`, `2026-Q1`, `2026` or `A..B`."""

    text: str
    first: date
    last: date

    @classmethod
    def parse(cls, text: str, today: date) -> ReportPeriod:
        """The period in an address; the last 30 days if it is none, or longer than `MOST_DAYS`."""
        found = _parsed(text)
        return found if found and found.days <= MOST_DAYS else last_days(today)

    @classmethod
    def between(cls, first: str, last: str) -> ReportPeriod:
        """The period between two dates of a form. Raises `Invalid` (first, last)."""
        days = {"first": _date(first.strip()), "last": _date(last.strip())}
        if missing := [name for name, day in days.items() if day is None]:
            raise Invalid(**{name: Problem.DAY_UNREADABLE() for name in missing})
        found = _of_days(days["first"] or date.min, days["last"] or date.min)
        if not 0 < found.days <= MOST_DAYS:
            raise Invalid(last=Problem.PERIOD_OUT_OF_BOUNDS(most=MOST_DAYS))
        return found

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    @property
    def is_by_month(self) -> bool:
        """Whether a report shows it month by month, not week by week."""
        return self.days > _MOST_DAYS_BY_WEEK

    @property
    def title(self) -> str:
        """The period in words."""
        if _YEAR.fullmatch(self.text):
            return self.text
        if quarter := _QUARTER.fullmatch(self.text):
            return _("Quarter {quarter} of {year}").format(quarter=quarter[2], year=quarter[1])
        if _MONTH.fullmatch(self.text):
            return dates.month_and_year(self.first)
        return _("{first} to {last}").format(first=dates.full_date(self.first), last=dates.full_date(self.last))

    def edges(self) -> list[date]:
        """The first day of each part (a month, or a week that begins on Monday), and the day after the period."""
        day, edges = self.first, []
        while day <= self.last:
            edges.append(day)
            day = _next_month(day) if self.is_by_month else day + timedelta(days=7 - day.weekday())
        return [*edges, self.last + _DAY]

    def whole_months(self, day: date) -> list[date]:
        """The first day of each month that was over on `day` and has a day in the period, and the day after the last one."""
        edges = [self.first.replace(day=1)]
        while edges[-1] <= self.last and _next_month(edges[-1]) <= day:
            edges.append(_next_month(edges[-1]))
        return edges


def last_days(today: date) -> ReportPeriod:
    """The last 30 days with today, which are worth seeing on the first day of a month too."""
    return _of_days(today - timedelta(days=29), today)


def of_month(day: date) -> ReportPeriod:
    """The month of a day."""
    return ReportPeriod(f"{day:%Y-%m}", day.replace(day=1), _next_month(day) - timedelta(days=1))


def of_quarter(day: date) -> ReportPeriod:
    """The quarter of a day."""
    quarter = (day.month - 1) // 3
    first = date(day.year, 3 * quarter + 1, 1)
    return ReportPeriod(f"{day.year:04}-Q{quarter + 1}", first, _next_month(date(day.year, 3 * quarter + 3, 1)) - _DAY)


def of_year(day: date) -> ReportPeriod:
    """The year of a day."""
    return ReportPeriod(f"{day.year:04}", date(day.year, 1, 1), date(day.year, 12, 31))


def offered(today: date) -> list[tuple[str, ReportPeriod]]:
    """The periods that a page offers, each with the label of its link."""
    month, quarter, year = of_month(today), of_quarter(today), of_year(today)
    return [
        (_("Last 30 days"), last_days(today)),
        (_("This month"), month),
        (_("Last month"), of_month(month.first - _DAY)),
        (_("This quarter"), quarter),
        (_("Last quarter"), of_quarter(quarter.first - _DAY)),
        (_("This year"), year),
        (_("Last year"), of_year(year.first - _DAY)),
    ]


def _parsed(text: str) -> ReportPeriod | None:
    if _YEAR.fullmatch(text):
        return of_year(date(int(text), 1, 1)) if _is_known(text) else None
    if quarter := _QUARTER.fullmatch(text):
        day = date(int(quarter[1]), 3 * int(quarter[2]), 1) if _is_known(quarter[1]) else None
        return of_quarter(day) if day else None
    if month := _MONTH.fullmatch(text):
        day = _date(f"{month[0]}-01")
        return of_month(day) if day else None
    first, last = _date(text.partition("..")[0]), _date(text.partition("..")[2])
    found = _of_days(first, last) if first and last else None
    return found if found and found.days > 0 else None


def _is_known(year: str) -> bool:
    return _FIRST_YEAR <= int(year) <= _LAST_YEAR


def _of_days(first: date, last: date) -> ReportPeriod:
    return ReportPeriod(f"{first.isoformat()}..{last.isoformat()}", first, last)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _date(text: str) -> date | None:
    """A date as browsers write it; None for anything else, also for other ISO forms that Python would read."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None
