"""A facility's finances: the periods that staff can choose, and the read models of the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rxconnect.domain.charts import Chart
from rxconnect.i18n import N_, _


class Period(StrEnum):
    """A month or a year on the facility's calendar."""

    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"
    THIS_YEAR = "this-year"

    @property
    def label(self) -> str:
        """The label of its button."""
        return _(_PERIODS[self])

    @property
    def is_by_month(self) -> bool:
        """Whether the page shows the period month by month instead of day by day."""
        return self is Period.THIS_YEAR

    def edges(self, today: date) -> list[date]:
        """The first day of each bar of the chart (a day or a month), and the day after the period."""
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
    """A period that can be chosen, and whether it is shown now."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FinanceLine:
    """The sums of a day or a month, as a row of the table."""

    name: str
    purchases: int
    takings: str
    refunds: str
    disputes: str


@dataclass(frozen=True, slots=True)
class FinanceSum:
    """The sums from the day `begins` to the day `last`, in cents."""

    begins: date
    last: date
    purchases: int
    takings: int
    refunds: int
    disputes: int
    moved: int

    @property
    def net(self) -> int:
        """What is left of the takings."""
        return self.takings - self.refunds - self.disputes + self.moved


@dataclass(frozen=True, slots=True)
class FinanceExport:
    """The sums of every day or month of a period, and of all of it. `key` is the facility's, `name` says which period."""

    key: str
    name: str
    sums: list[FinanceSum]
    total: FinanceSum


@dataclass(frozen=True, slots=True)
class Unreconciled:
    """A payment or refund that a member of staff must look at. `number` is the receipt's, or ""."""

    key: str
    what: str
    explanation: str
    about: str
    amount: str
    since: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class FinanceView:
    """The money that came in and went out at a facility in a period, and the credits in its wallets now.

    `moved` is the money of people who moved between facilities, or "". `unreconciled` holds the oldest of
    `unreconciled_count` open items.
    """

    facility_id: int
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
class LedgerEntry:
    """What a journal moved into an account of the ledger (`is_in`) or out of it."""

    account: str
    amount: str
    is_in: bool


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A journal as a line: what happened, and its postings, which add up to nothing in credits and in money."""

    number: int
    at: str
    what: str
    postings: list[LedgerEntry]


@dataclass(frozen=True, slots=True)
class LedgerView:
    """The newest movements at a facility, and its credits now. It names nobody."""

    facility_id: int
    facility: str
    unused: str
    held: str
    earned: str
    lines: list[LedgerLine]


@dataclass(frozen=True, slots=True)
class RefundLookUp:
    """A receipt with its refundable part: up to `credits` unused credits, which are worth `cents`."""

    number: str
    buyer: str
    issued: str
    bought: str
    paid: str
    card_label: str
    credits: int
    cents: int

    def cents_for(self, credits: int) -> int:
        """The value of this many of the unused credits: their share of `cents`, rounded down."""
        return self.cents * credits // self.credits if self.credits else 0
