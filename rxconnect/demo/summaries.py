"""Summaries of demo sessions, which can be read for a day after the session has ended."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from rxconnect.demo import scenarios
from rxconnect.domain import clock, dates
from rxconnect.domain.demo import NoteView, StepSummary, SummaryView
from rxconnect.domain.errors import NotFound
from rxconnect.domain.numbers import whole_number
from rxconnect.i18n import _
from rxconnect.models import DemoNote, DemoSession, DemoStep
from rxconnect.services.accounts import tokens

_HASH_LENGTH = 20


def number_of(session_id: int) -> str:
    """The number in the address of a session's summary. It contains a keyed hash, so it cannot be guessed."""
    return f"{session_id}-{tokens.keyed_hash('demo summary', str(session_id))[:_HASH_LENGTH]}"


def summary(session: Session, number: str) -> SummaryView:
    """The summary of an ended session. Raises `NotFound`."""
    room = session.get(DemoSession, _parse_number(number))
    if room is None or room.id is None:
        raise NotFound("session")
    # The job that ends expired sessions may not have run yet.
    if room.ended_at is None and room.expires_at > clock.now():
        raise NotFound("session")
    ended_at = room.ended_at or room.expires_at
    return SummaryView(
        number=number,
        title=_(scenarios.parse(room.scenario).title),
        day=dates.day_and_year(room.started_at, "UTC"),
        minutes=_whole_minutes(ended_at - room.started_at),
        people=room.joined,
        steps=_step_summaries(session, room),
        notes=notes(session, room.id),
    )


def notes(session: Session, session_id: int) -> tuple[NoteView, ...]:
    """The questions that were noted so far, oldest first."""
    rows = session.exec(select(DemoNote).where(DemoNote.session_id == session_id).order_by(col(DemoNote.id)))
    return tuple(NoteView(row.text, row.step) for row in rows)


def _parse_number(number: str) -> int:
    session_id = whole_number(number.partition("-")[0]) or 0
    if not hmac.compare_digest(number_of(session_id).encode(), number.encode()):
        raise NotFound("session")
    return session_id


def _step_summaries(session: Session, room: DemoSession) -> tuple[StepSummary, ...]:
    """Each step, with the minutes since the step that was done before it."""
    done = session.exec(select(DemoStep).where(DemoStep.session_id == room.id).order_by(col(DemoStep.done_at))).all()
    minutes: dict[int, int] = {}
    before: datetime = room.started_at
    for row in done:
        minutes[row.step], before = _whole_minutes(row.done_at - before), row.done_at
    scenario = scenarios.parse(room.scenario)
    return tuple(
        StepSummary(place, _(step.do), minutes.get(place)) for place, step in enumerate(scenario.steps, start=1)
    )


def _whole_minutes(span: timedelta) -> int:
    """Whole minutes, rounded up."""
    return -(-span // timedelta(minutes=1))
