"""Finance: the money that came in and went out at a facility, from the ledger's postings, and refunds by staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import case, func
from sqlmodel import Session, col, select

from rxconnect.domain import charts, clock, dates, money
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.charts import Column
from rxconnect.domain.errors import LedgerBroken, NotAllowed
from rxconnect.domain.finance import (
    FinanceExport,
    FinanceLine,
    FinanceSum,
    FinanceView,
    Period,
    PeriodChoice,
    RefundLookUp,
)
from rxconnect.domain.ledger import AccountKind, JournalGroup, JournalKind
from rxconnect.i18n import _, number_text
from rxconnect.models import Facility, Journal, LedgerAccount, Posting, Receipt
from rxconnect.services.audit.recording import record
from rxconnect.services.books import unreconciled
from rxconnect.services.refunds import staff_refunds

_SHOWN = 20


@dataclass(slots=True)
class _Flow:
    """The sums that moved on a facility's takings, in cents, and the number of purchases."""

    purchases: int = 0
    takings: int = 0
    refunds: int = 0
    disputes: int = 0
    moved: int = 0

    def add(self, kind: JournalKind, journals: int, cents: int) -> None:
        """Count what the journals of a kind moved. Raises `LedgerBroken` for those that may not move takings."""
        match kind.group:
            case JournalGroup.PURCHASE:
                self.purchases += journals
                self.takings += cents
            case JournalGroup.REFUND:
                self.refunds -= cents
            case JournalGroup.DISPUTE:
                self.disputes -= cents
            case JournalGroup.TRANSFER:
                self.moved += cents
            case JournalGroup.MESSAGE:
                raise LedgerBroken(f"{journals} journals of the kind “{kind}” moved takings")


def overview(session: Session, actor: Actor, period: Period, facility_id: int | None = None) -> FinanceView:
    """The finances of one of the actor's facilities, by default the first. Raises `NotAllowed`."""
    facility = _facility(session, actor, facility_id)
    edges = _edges(facility, period)
    flows = _flows(session, facility, edges)
    total = _Flow()
    for flow in flows:
        total.purchases += flow.purchases
        total.takings += flow.takings
        total.refunds += flow.refunds
        total.disputes += flow.disputes
        total.moved += flow.moved
    credits = credits_by_kind(session, facility)
    waiting = unreconciled.open_items(session, facility)
    name = _column_namer(period)
    return FinanceView(
        facility_id=facility.id or 0,
        facility=facility.name,
        period=period,
        title=f"{edges[0]:%Y}" if period.is_by_month else dates.month_and_year(edges[0]),
        periods=[PeriodChoice(one, one.label, one is period) for one in Period],
        takings=money.dollars(total.takings),
        purchases=total.purchases,
        refunds=money.dollars(total.refunds),
        disputes=money.dollars(total.disputes),
        moved=money.dollars(total.moved) if total.moved else "",
        net=money.dollars(total.takings - total.refunds - total.disputes + total.moved),
        unused=number_text(credits[AccountKind.WALLET]),
        held=number_text(credits[AccountKind.HOLD]),
        frozen=number_text(credits[AccountKind.FROZEN]),
        chart=charts.chart(_chart_columns(edges, flows, period)),
        summary=_chart_summary(edges, flows, period),
        lines=[_finance_line(name(edge), flow) for edge, flow in zip(edges, flows, strict=False) if flow != _Flow()],
        unreconciled=waiting[:_SHOWN],
        unreconciled_count=len(waiting),
        may_refund=facility.id in actor.facilities(Permission.REFUND),
    )


def export(session: Session, actor: Actor, period: Period, facility_id: int | None = None) -> FinanceExport:
    """The same for a spreadsheet, with every day or month, also one without money. It is recorded. Raises `NotAllowed`."""
    facility = _facility(session, actor, facility_id)
    assert facility.id is not None
    edges = _edges(facility, period)
    sums = [
        FinanceSum(
            begins, ends - timedelta(days=1), flow.purchases, flow.takings, flow.refunds, flow.disputes, flow.moved
        )
        for (begins, ends), flow in zip(pairwise(edges), _flows(session, facility, edges), strict=True)
    ]
    record(session, actor, facility.id, AuditKind.FINANCE_EXPORTED, period=period.value)
    total = FinanceSum(
        edges[0],
        sums[-1].last,
        sum(one.purchases for one in sums),
        sum(one.takings for one in sums),
        sum(one.refunds for one in sums),
        sum(one.disputes for one in sums),
        sum(one.moved for one in sums),
    )
    return FinanceExport(facility.key, f"{edges[0]:%Y}" if period.is_by_month else f"{edges[0]:%Y-%m}", sums, total)


def look_up_receipt(session: Session, actor: Actor, number: str) -> RefundLookUp:
    """A receipt of one of the actor's facilities, and its refundable part. Records that it was looked up.

    Raises `NotAllowed` and `NotFound`.
    """
    offer = staff_refunds.offer(session, actor, number)
    receipt = session.exec(select(Receipt).where(Receipt.number == number.strip().upper())).one()
    record(session, actor, receipt.facility_id, AuditKind.RECEIPT_SHOWN, subject=f"receipt {receipt.number}")
    return RefundLookUp(
        number=receipt.number,
        buyer=receipt.buyer,
        issued=dates.day_and_time(receipt.issued_at, receipt.time_zone),
        bought=money.credits(receipt.credits),
        paid=money.dollars(receipt.total_cents),
        card_label=offer.card_label,
        credits=offer.credits,
        cents=offer.cents,
    )


def _facility(session: Session, actor: Actor, facility_id: int | None) -> Facility:
    allowed = actor.facilities(Permission.SEE_FINANCE)
    if not allowed or facility_id not in (None, *allowed):
        raise NotAllowed
    return session.get_one(Facility, facility_id or allowed[0])


def _edges(facility: Facility, period: Period) -> list[date]:
    """The edges of the period on the facility's calendar of today."""
    return period.edges(clock.now().astimezone(ZoneInfo(facility.time_zone)).date())


def _flows(session: Session, facility: Facility, edges: list[date]) -> list[_Flow]:
    """The flows on the facility's takings, one for each interval between two `edges`."""
    moments = [_midnight(edge, facility) for edge in edges]
    created = col(Journal.created_at)
    bucket = case(*((created < moment, place) for place, moment in enumerate(moments[1:])), else_=len(edges))
    rows = session.exec(
        select(bucket, Journal.kind, func.count(), func.sum(Posting.amount))
        .join(Posting, col(Posting.journal_id) == Journal.id)
        .join(LedgerAccount, col(LedgerAccount.id) == Posting.account_id)
        .where(LedgerAccount.kind == AccountKind.TAKINGS, LedgerAccount.facility_id == facility.id)
        .where(created >= moments[0], created < moments[-1])
        .group_by(bucket, Journal.kind)
    )
    flows = [_Flow() for _edge in edges[1:]]
    for place, kind, journals, cents in rows:
        flows[place].add(JournalKind(kind), journals, int(cents))
    return flows


def _midnight(day: date, facility: Facility) -> datetime:
    """The start of a day in the facility's time zone."""
    return datetime.combine(day, time(), ZoneInfo(facility.time_zone))


def credits_by_kind(session: Session, facility: Facility) -> Counter[str]:
    """The balances of this facility, by kind of ledger account."""
    rows = session.exec(
        select(LedgerAccount.kind, func.sum(LedgerAccount.balance))
        .where(LedgerAccount.facility_id == facility.id)
        .group_by(LedgerAccount.kind)
    )
    return Counter({kind: int(credits) for kind, credits in rows})


def _chart_columns(edges: list[date], flows: list[_Flow], period: Period) -> list[Column]:
    """The chart's columns, one for each day or month. Only every seventh day has a label, to fit on a phone."""
    name = _column_namer(period)
    return [
        Column(
            name(edge),
            dates.month(edge) if period.is_by_month else str(edge.day) if edge.day % 7 == 1 else "",
            max(flow.takings, 0),
            max(flow.refunds + flow.disputes, 0),
        )
        for edge, flow in zip(edges, flows, strict=False)
    ]


def _chart_summary(edges: list[date], flows: list[_Flow], period: Period) -> str:
    """The chart as a sentence, for screen readers."""
    best = max(range(len(flows)), key=lambda place: flows[place].takings)
    if not flows[best].takings:
        return _("Nothing was sold in this time.")
    most = _("Most was taken in {when}: {amount}.") if period.is_by_month else _("Most was taken on {when}: {amount}.")
    return most.format(when=_column_namer(period)(edges[best]), amount=money.dollars(flows[best].takings))


def _finance_line(name: str, flow: _Flow) -> FinanceLine:
    return FinanceLine(
        name, flow.purchases, money.dollars(flow.takings), money.dollars(flow.refunds), money.dollars(flow.disputes)
    )


def _column_namer(period: Period) -> Callable[[date], str]:
    return dates.month_and_year if period.is_by_month else dates.day_of_month
