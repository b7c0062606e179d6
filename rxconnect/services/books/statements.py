"""Yearly statements: a family's credits and money at each facility, from the ledger's postings.

A year follows the facility's own calendar, as its receipts do. Credits that are set aside for a message or a dispute
still belong to the family, so a balance is the sum of wallet, hold and frozen.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func
from sqlmodel import Session, col, select

from rxconnect.domain import clock, dates, money
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotFound
from rxconnect.domain.facilities import city_and_state
from rxconnect.domain.ledger import JournalGroup, JournalKind
from rxconnect.domain.statements import CreditChange, FacilityYear, StatementView, signed_credits, year_bounds
from rxconnect.i18n import N_, _
from rxconnect.models import Facility, Journal, LedgerAccount, Posting
from rxconnect.models.sorting import by_name
from rxconnect.services.books import statement_lines
from rxconnect.services.books.statement_lines import CREDITS, JournalEffect

_BOUGHT, _REFUNDED, _HERE, _AWAY = N_("Bought"), N_("Refunded"), N_("Moved here"), N_("Moved away")
_SPENT, _TAKEN, _OTHER = N_("Spent on delivered messages"), N_("Reversed by your bank"), N_("Other changes")
# In the order of a statement.
_CHANGES = (_BOUGHT, _REFUNDED, _HERE, _AWAY, _SPENT, _TAKEN, _OTHER)
# All other kinds count as `_OTHER`. They move credits among the three accounts or not at all, so their sum is 0. If it
# ever were not, the statement would still add up.
_CHANGE_OF = {
    JournalKind.PURCHASE: _BOUGHT,
    JournalKind.HOLD: _OTHER,
    JournalKind.SPEND: _SPENT,
    JournalKind.GIVE_BACK: _OTHER,
    JournalKind.REFUND: _REFUNDED,
    JournalKind.REFUND_PAID: _OTHER,
    JournalKind.REFUND_FAILED: _REFUNDED,
    JournalKind.CORRECTION: _OTHER,
    JournalKind.DISPUTE: _OTHER,
    JournalKind.DISPUTE_WON: _OTHER,
    JournalKind.DISPUTE_LOST: _TAKEN,
}


def years(session: Session, actor: Actor) -> list[int]:
    """The years with a statement for the actor, newest first: from the year of the first credits until this year."""
    rows = session.exec(
        select(Facility.time_zone, func.min(Journal.created_at))
        .join(LedgerAccount, col(LedgerAccount.facility_id) == Facility.id)
        .join(Posting, col(Posting.account_id) == LedgerAccount.id)
        .join(Journal, col(Journal.id) == Posting.journal_id)
        .where(_holds_credits_of(actor.account_id))
        .group_by(Facility.time_zone)
    ).all()
    if not rows:
        return []
    first = min(_year_of(moment, zone) for zone, moment in rows)
    latest = max(_year_of(clock.now(), zone) for zone, _moment in rows)
    return list(range(latest, first - 1, -1))


def get(session: Session, actor: Actor, year: int | None) -> StatementView:
    """The actor's statement of a year. Raises `NotFound` for None, a future year, or one before the first credits."""
    if year is None or year not in years(session, actor):
        raise NotFound("statement")
    mine = select(LedgerAccount.facility_id).where(_holds_credits_of(actor.account_id))
    facilities = session.exec(
        select(Facility).where(col(Facility.id).in_(mine)).order_by(by_name(Facility.name), col(Facility.id))
    ).all()
    effects = statement_lines.journal_effects(session, actor.account_id, year)
    each = [_facility_year(session, actor.account_id, facility, year, effects) for facility in facilities]
    is_over = all(clock.now() >= year_bounds(year, facility.time_zone)[1] for facility in facilities)
    as_of = "" if is_over else dates.day_and_year(clock.now(), facilities[0].time_zone)
    return _view(actor, year, as_of, [one for one in each if one.opening or one.changes or one.lines])


def _view(actor: Actor, year: int, as_of: str, facilities: list[FacilityYear]) -> StatementView:
    paid = sum(one.paid_cents for one in facilities)
    refunded = sum(one.refunded_cents for one in facilities)
    taken_back = sum(one.taken_back_cents for one in facilities)
    return StatementView(
        year=year,
        name=actor.name,
        as_of=as_of,
        paid=money.dollars(paid),
        refunded=money.dollars(refunded),
        taken_back=money.dollars(taken_back) if taken_back else "",
        kept=money.dollars(paid - refunded - taken_back),
        facilities=facilities,
    )


def _facility_year(
    session: Session, account_id: int, facility: Facility, year: int, effects: list[JournalEffect]
) -> FacilityYear:
    assert facility.id is not None
    start, end = year_bounds(year, facility.time_zone)
    opening = _balance(session, account_id, facility.id, start)
    changes = _changes_by_category(session, account_id, facility.id, start, end)
    here = [effect for effect in effects if effect.facility_id == facility.id and start <= effect.at < end]
    return FacilityYear(
        facility_id=facility.id,
        facility=facility.name,
        facility_place=city_and_state(facility.city, facility.state),
        opening=opening,
        changes=[CreditChange(_(label), signed_credits(changes[label])) for label in _CHANGES if changes[label]],
        closing=opening + sum(changes.values()),
        paid_cents=sum(effect.cents for effect in here if effect.is_payment),
        refunded_cents=-sum(effect.cents for effect in here if effect.is_refund),
        taken_back_cents=-sum(effect.cents for effect in here if effect.kind.group is JournalGroup.DISPUTE),
        lines=[statement_lines.statement_line(effect, facility.time_zone) for effect in here],
    )


def _holds_credits_of(account_id: int) -> ColumnElement[bool]:
    """The condition for a ledger account that holds credits of this account."""
    return and_(col(LedgerAccount.owner_id) == account_id, col(LedgerAccount.kind).in_(CREDITS))


def _balance(session: Session, account_id: int, facility_id: int, until: datetime) -> int:
    """The balance of credits right before `until`."""
    total = session.exec(
        select(func.coalesce(func.sum(Posting.amount), 0))
        .join(LedgerAccount, col(LedgerAccount.id) == Posting.account_id)
        .join(Journal, col(Journal.id) == Posting.journal_id)
        .where(_holds_credits_of(account_id), LedgerAccount.facility_id == facility_id, Journal.created_at < until)
    ).one()
    return int(total)


def _changes_by_category(
    session: Session, account_id: int, facility_id: int, start: datetime, end: datetime
) -> Counter[str]:
    """The sum of each category of changes to the credits, from `start` until before `end`."""
    amount = col(Posting.amount)
    gains, losses = case((amount > 0, amount), else_=0), case((amount < 0, amount), else_=0)
    rows = session.exec(
        select(Journal.kind, func.sum(gains), func.sum(losses))
        .join(Posting, col(Posting.journal_id) == Journal.id)
        .join(LedgerAccount, col(LedgerAccount.id) == Posting.account_id)
        .where(_holds_credits_of(account_id), LedgerAccount.facility_id == facility_id)
        .where(Journal.created_at >= start, Journal.created_at < end)
        .group_by(Journal.kind)
    )
    changes: Counter[str] = Counter()
    for kind, gained, lost in rows:
        if kind == JournalKind.TRANSFER:
            changes[_HERE] += int(gained)
            changes[_AWAY] += int(lost)
        else:
            changes[_CHANGE_OF[JournalKind(kind)]] += int(gained) + int(lost)
    return changes


def _year_of(moment: datetime, zone: str) -> int:
    return moment.astimezone(ZoneInfo(zone)).year
