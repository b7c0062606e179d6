"""Counting for reports: each week or month is counted by the database, so a year of half a million letters needs little memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from rxconnect.domain.reports import PeriodPart, ReportFigures, StaffCounts
from rxconnect.domain.review import DecisionState, Outcome, Queue
from rxconnect.domain.text import sort_key
from rxconnect.models import Account, Appeal, Decision, Message
from rxconnect.services.review import desk

Progress = Callable[[int], object]
Span = tuple[datetime, datetime]


def count(session: Session, figures: ReportFigures, spans: list[Span], progress: Progress) -> None:
    """Fill in the figures. `spans` are the moments of their parts. Calls `progress` with the number of finished parts."""
    staff: dict[int, StaffCounts] = defaultdict(lambda: StaffCounts(""))
    for done, (part, span) in enumerate(zip(figures.parts, spans, strict=True), start=1):
        _count_letters(session, figures.facility_id, part, span)
        _count_times(session, figures.facility_id, part, span)
        _count_decisions(session, figures, part, span, staff)
        progress(done)
    whole = spans[0][0], spans[-1][1]
    _count_appeals(session, figures, whole)
    _count_answered(session, figures.facility_id, whole, staff)
    names = select(Account.id, Account.name).where(col(Account.id).in_(staff))
    for account_id, name in session.exec(names):
        staff[account_id or 0].name = name
    figures.staff = sorted(staff.values(), key=lambda one: (-one.decided, sort_key(one.name)))


def _count_letters(session: Session, facility_id: int, part: PeriodPart, span: Span) -> None:
    counted = select(Message.status, func.count()).where(
        desk.is_reported(facility_id), *_within(Message.created_at, span)
    )
    part.letters.update(dict(session.exec(counted.group_by(col(Message.status))).all()))


def _count_times(session: Session, facility_id: int, part: PeriodPart, span: Span) -> None:
    minutes = col(Decision.waited_seconds) // 60
    fields: Any = (minutes, func.count())
    counted = select(*fields).where(*_committed(facility_id, span), Decision.queue == Queue.LETTERS)
    part.minutes.update(dict(session.exec(counted.group_by(minutes)).all()))


def _count_decisions(
    session: Session, figures: ReportFigures, part: PeriodPart, span: Span, staff: dict[int, StaffCounts]
) -> None:
    fields: Any = (Decision.queue, Decision.outcome, Decision.reason, Decision.by_account_id, Decision.is_late)
    counted: Any = select(*fields, func.count())  # type: ignore[call-overload]
    counted = counted.where(*_committed(figures.facility_id, span)).group_by(*fields)
    for queue, outcome, reason, account_id, is_late, number in session.exec(counted):
        if queue == Queue.APPEALS:
            staff[account_id].appeals_decided += number
            continue
        staff[account_id].decided += number
        part.late += number * bool(is_late)
        if outcome == Outcome.REJECTED:
            staff[account_id].rejected += number
            figures.reasons[reason] += number


def _count_appeals(session: Session, figures: ReportFigures, span: Span) -> None:
    """Count the appeals that were made in the period, by their status now."""
    about = desk.is_about_reported(col(Appeal.message_id), figures.facility_id)
    made = select(Appeal.status, func.count()).where(
        Appeal.facility_id == figures.facility_id, about, *_within(Appeal.made_at, span)
    )
    figures.appeals.update(dict(session.exec(made.group_by(col(Appeal.status))).all()))


def _count_answered(session: Session, facility_id: int, span: Span, staff: dict[int, StaffCounts]) -> None:
    """Count the appeals that were decided in the period, for whoever had rejected the letter or a part of it."""
    rejected = (
        col(Decision.message_id) == Appeal.message_id,
        col(Decision.state) == DecisionState.COMMITTED,
        col(Decision.outcome) == Outcome.REJECTED,
    )
    answered = (
        select(Decision.by_account_id, Appeal.status, func.count(func.distinct(Appeal.id)))
        .join_from(Appeal, Decision, rejected[0] & rejected[1] & rejected[2])
        .where(
            Appeal.facility_id == facility_id,
            desk.is_about_reported(col(Appeal.message_id), facility_id),
            *_within(Appeal.decided_at, span),
        )
        .group_by(col(Decision.by_account_id), col(Appeal.status))
    )
    for account_id, status, number in session.exec(answered):
        staff[account_id].appealed += number
        staff[account_id].overturned += number if status == Outcome.OVERTURNED else 0


def _committed(facility_id: int, span: Span) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Decision.facility_id) == facility_id,
        *_within(Decision.committed_at, span),
        col(Decision.state) == DecisionState.COMMITTED,
        desk.is_about_reported(col(Decision.message_id), facility_id),
    )


def _within(moment: Any, span: Span) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(moment) >= span[0], col(moment) < span[1]
