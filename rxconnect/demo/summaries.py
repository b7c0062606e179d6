"""Summaries of demo sessions, which can be read for a day after the session has ended."""

from __future__ import annotations

import hmac
from datetime import datetime

from sqlmodel import Session, col, select

from rxconnect.demo import minutes, requirements, scenarios, score_summaries, world_files
from rxconnect.demo.facilities import STATE
from rxconnect.domain import clock, dates, states
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


def summary(session: Session, number: str, led: int = 0) -> SummaryView:
    """The summary of an ended session. `led` is the session whose trainer the reader was, or 0. Raises `NotFound`."""
    room = ended_session(session, number)
    assert room.id is not None
    ended_at = room.ended_at or room.expires_at
    listed = requirements.views(session, room)
    return SummaryView(
        number=number,
        title=_(scenarios.parse(room.scenario).title),
        trainer=room.trainer,
        day=dates.day_and_year(room.started_at, states.zone_of(STATE)),
        lasted=minutes.exact(ended_at - room.started_at),
        people=room.joined,
        steps=_step_summaries(session, room),
        notes=notes(session, room.id),
        requirements=listed,
        shown=sum(one.minute > 0 for one in listed),
        score=score_summaries.score_summary(session, room.id),
        has_file=led == room.id and world_files.can_be_taken(room),
    )


def ended_session(session: Session, number: str) -> DemoSession:
    """The session that has ended and whose summary has this number. Raises `NotFound`."""
    room = session.get(DemoSession, _parse_number(number))
    # The job that ends expired sessions may not have run yet.
    if room is None or (room.ended_at is None and room.expires_at > clock.now()):
        raise NotFound("session")
    return room


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
    """Each step, with the time since the step that was done before it."""
    done = session.exec(select(DemoStep).where(DemoStep.session_id == room.id).order_by(col(DemoStep.done_at))).all()
    took: dict[int, str] = {}
    before: datetime = room.started_at
    for row in done:
        took[row.step], before = minutes.exact(row.done_at - before), row.done_at
    # Those of a world that was opened again.
    earlier = {row.step for row in done if row.done_at <= room.started_at}
    scenario = scenarios.parse(room.scenario)
    return tuple(
        StepSummary(place, _(step.do), took.get(place, ""), place in earlier)
        for place, step in enumerate(scenario.steps, start=1)
    )
