"""A facility's finances: the periods that staff may look at, and the read models of their page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rxconnect.domain.charts import Chart
from rxconnect.i18n import N_, _


class Period(StrEnum):
    """A stretch of time on the facility's calendar."""

    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"
    THIS_YEAR = "this-year"

    @property
    def label(self) -> str:
        """The period as a button names it."""
        return _(_PERIODS[self])

    @property
    def is_by_month(self) -> bool:
        """Whether it is told month by month, and not day by day."""
        return self is Period.THIS_YEAR

    def edges(self, today: date) -> list[date]:
        """The first day of each of its days or months, and the day after its last."""
        if self.is_by_month:
            return [*(date(today.year, month, 1) for month in range(1, 13)), date(today.year + 1, 1, 1)]
        first = today.replace(day=1)
        if self is Period.LAST_MONTH:
            first = (first - timedelta(days=1)).replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
        return [first + timedelta(days=day) for day in range((following - first).days + 1)]


_PERIODS = {
    Period.THIS_MONTH: N_("This month"),
    Period.LAST_MONTH: N_("Last month"),
    Period.THIS_YEAR: N_("This year"),
}


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """A period to choose, and whether it is the one that is shown."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FinanceLine:
    """What happened on a day or in a month, as a line of a table."""

    name: str
    purchases: int
    takings: str
    refunds: str
    disputes: str


@dataclass(frozen=True, slots=True)
class Unreconciled:
    """Something about money that a person has to look at. `number` is a receipt's, "" where there is none."""

    key: str
    what: str
    explanation: str
    about: str
    amount: str
    since: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class FinanceView:
    """What came in and went out at a facility in a period, and what is in its families' wallets now.

    `moved` is what came with, or left with, families whose person moved to or from another facility; "" for nothing.
    `unreconciled` are the oldest of `unreconciled_count`.
    """

    facility: str
    period: str
    title: str
    periods: list[PeriodChoice]
    takings: str
    purchases: int
    refunds: str
    disputes: str
    moved: str
    net: str
    unused: str
    held: str
    frozen: str
    chart: Chart
    summary: str
    lines: list[FinanceLine]
    unreconciled: list[Unreconciled]
    unreconciled_count: int
    may_refund: bool


@dataclass(frozen=True, slots=True)
class RefundLookUp:
    """A receipt of which staff may refund what is unused: `credits`, at most, for `cents`."""

    number: str
    buyer: str
    issued: str
    bought: str
    paid: str
    card_label: str
    credits: int
    cents: int

    def cents_for(self, credits: int) -> int:
        """What so many of the unused credits are worth: their share, rounded down; all are worth all."""
        return self.cents * credits // self.credits if self.credits else 0
