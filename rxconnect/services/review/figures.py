"""The desk's figures: today's, and counts for each day of the last months. They come from committed decisions alone."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotFound
from rxconnect.domain.figures import DayCount, Figures, TimesToday
from rxconnect.domain.messages import Reason
from rxconnect.domain.quality import DAYS
from rxconnect.domain.review import DecisionState, HoldReason, Outcome, Queue
from rxconnect.domain.second_readings import Verdict
from rxconnect.models import Decision, Facility, ScreeningHit, ScreeningRule, SecondReading
from rxconnect.services.review import desk, queue

_KEYS: dict[str, Any] = {
    "rule": col(ScreeningRule.name),
    "queue": col(Decision.queue),
    "held_for": col(Decision.held_for),
    "reason": col(Decision.reason),
    "outcome": col(Decision.outcome),
}


def today(session: Session, actor: Actor, facility_id: int) -> Figures:
    """The facility's figures since midnight, in its own time zone. Raises `NotFound` and `NotAllowed`."""
    counts = queue.counts(session, actor, facility_id)
    since = _midnight(session.get_one(Facility, facility_id), days_ago=0)
    rows = session.exec(
        select(Decision.waited_seconds, Decision.outcome)
        .where(*_committed(facility_id, since))
        .order_by(col(Decision.waited_seconds))
    ).all()
    waits = [waited for waited, _outcome in rows]
    return Figures(
        waiting=counts.waiting + counts.appeals,
        overdue=counts.overdue,
        decided=len(rows),
        rejected=sum(outcome == Outcome.REJECTED for _waited, outcome in rows),
        median=_percentile(waits, 50),
        p95=_percentile(waits, 95),
        misses=_misses(session, [facility_id]),
    )


def times_today(session: Session, actor: Actor, facility_id: int = 0) -> TimesToday:
    """How long letters waited that were decided today at the actor's facilities, or at one. Raises `NotAllowed`."""
    waits: list[int] = []
    for one in desk.facilities(actor, facility_id):
        since = _midnight(session.get_one(Facility, one), days_ago=0)
        waits += session.exec(select(Decision.waited_seconds).where(*_committed(one, since)))
    waits.sort()
    misses = _misses(session, desk.facilities(actor, facility_id))
    return TimesToday(_percentile(waits, 50), _percentile(waits, 95), misses)


def by_day(session: Session, actor: Actor, facility_id: int, by: str, days: int = 90) -> list[DayCount]:
    """How many decisions were committed on each of the last `days`, by `queue`, `rule`, `held_for`, `reason` or `outcome`.

    A letter in which several rules found something counts for each of them. A day without a decision is left out. Raises
    `NotFound` and `NotAllowed`.
    """
    desk.facilities(actor, facility_id)
    if by not in _KEYS or not 0 < days <= 366:
        raise NotFound("list")
    facility = session.get_one(Facility, facility_id)
    since = _midnight(facility, days_ago=days - 1)
    zone = ZoneInfo(facility.time_zone)
    # Counted by hour, since each database has its own words for a day in a time zone.
    hour = func.substr(_as_text(session), 1, 13)
    conditions = _committed(facility_id, since)
    if by in ("held_for", "reason"):
        conditions += (_KEYS[by] != "",)
    counted = select(hour, _KEYS[by], func.count()).select_from(Decision)
    if by == "rule":
        hits = select(ScreeningHit.message_id, ScreeningHit.rule_id).distinct().subquery()
        counted = counted.join(hits, hits.c.message_id == col(Decision.message_id))
        counted = counted.join(ScreeningRule, col(ScreeningRule.id) == hits.c.rule_id)
        # A letter that has followed its person was also searched by the rules of another facility.
        conditions += (col(ScreeningRule.facility_id) == facility_id,)
    rows = session.exec(counted.where(*conditions).group_by(hour, _KEYS[by])).all()
    total: dict[tuple[str, str], int] = {}
    for stamp, key, count in rows:
        moment = datetime.fromisoformat(f"{stamp.replace(' ', 'T')}:00:00+00:00")
        place = (moment.astimezone(zone).date().isoformat(), key)
        total[place] = total.get(place, 0) + count
    return [DayCount(day, key, _label(by, key), count) for (day, key), count in sorted(total.items())]


def _misses(session: Session, facility_ids: Collection[int]) -> int:
    """How many readings of the last 90 days an administrator found wrong."""
    missed = select(func.count()).where(
        col(SecondReading.facility_id).in_(facility_ids),
        col(SecondReading.drawn_at) >= clock.now() - timedelta(days=DAYS),
        col(SecondReading.verdict).in_((Verdict.FIRST, Verdict.SECOND)),
        col(SecondReading.verdict) != "",
    )
    return session.exec(missed).one()


def _committed(facility_id: int, since: datetime) -> tuple[ColumnElement[bool], ...]:
    """The condition for committed decisions. They are all about letters of the ordinary lane: no other can be decided."""
    return (
        col(Decision.facility_id) == facility_id,
        col(Decision.committed_at) >= since,
        col(Decision.state) == DecisionState.COMMITTED,
    )


def _as_text(session: Session) -> ColumnElement[str]:
    """The commit's time in UTC as text, such as `2026-03-04 17:…`."""
    if session.connection().dialect.name == "sqlite":
        return func.strftime("%Y-%m-%d %H", col(Decision.committed_at))
    return func.to_char(func.timezone("UTC", col(Decision.committed_at)), "YYYY-MM-DD HH24")


def _midnight(facility: Facility, days_ago: int) -> datetime:
    zone = ZoneInfo(facility.time_zone)
    day = clock.now().astimezone(zone).date() - timedelta(days=days_ago)
    return datetime.combine(day, time(), zone)


def _percentile(waits: list[int], percent: int) -> str:
    """The nearest-rank percentile of sorted waits, as a span; "" without any."""
    if not waits:
        return ""
    return dates.approximate_duration(timedelta(seconds=waits[math.ceil(len(waits) * percent / 100) - 1]))


def _label(by: str, key: str) -> str:
    if by == "rule":
        return key
    kinds: dict[str, Any] = {"queue": Queue, "held_for": HoldReason, "reason": Reason, "outcome": Outcome}
    label: str = kinds[by](key).label
    return label
