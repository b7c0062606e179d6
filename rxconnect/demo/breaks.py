"""What a trainer has broken in front of a room: the rows, and how everybody in the room reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from rxconnect.demo.seats import publish_change
from rxconnect.domain import clock
from rxconnect.domain.breaking import COUNTED_FOR, IS_NEWS_FOR, BreakKind, BreakView, RollCall, view_of
from rxconnect.domain.demo import Seat
from rxconnect.models import DemoBreak, DemoReturn


def add(
    session: Session, seat: Seat, kind: BreakKind, facts: Mapping[str, Any], *, turn: int | None = None
) -> DemoBreak:
    """Keep what the trainer has broken, and tell the room. `turn` is that of a kill."""
    row = DemoBreak(session_id=seat.session_id, kind=kind, facts=dict(facts), turn=turn)
    session.add(row)
    session.flush()
    publish_change(session, seat.session_id)
    return row


def add_facts(session: Session, row: DemoBreak, facts: Mapping[str, Any]) -> None:
    """Add what was measured since, and tell the room."""
    row.facts = {**row.facts, **facts}
    publish_change(session, row.session_id)


def latest(session: Session, session_id: int) -> dict[str, DemoBreak]:
    """The newest break of each kind, by kind."""
    newest = select(func.max(DemoBreak.id)).where(DemoBreak.session_id == session_id).group_by(DemoBreak.kind)
    return {row.kind: row for row in session.exec(select(DemoBreak).where(col(DemoBreak.id).in_(newest)))}


def view(session: Session, row: DemoBreak) -> BreakView:
    """A break in words."""
    roll = _roll_call(session, row) if row.kind == BreakKind.WORKER else RollCall()
    return view_of(row.id or 0, BreakKind(row.kind), row.facts, row.at, clock.now(), roll)


def views(session: Session, rows: Mapping[str, DemoBreak]) -> tuple[BreakView, ...]:
    """These breaks in words, the newest first."""
    return tuple(view(session, row) for row in sorted(rows.values(), key=lambda row: row.id or 0, reverse=True))


def news(rows: Mapping[str, DemoBreak], told: tuple[BreakView, ...]) -> str:
    """The newest break in one line, while it is news; else ""."""
    is_new = any(row.at > clock.now() - IS_NEWS_FOR for row in rows.values())
    return f"{told[0].title}. {told[0].sentences[-1]}" if told and is_new else ""


def counted_kill(rows: Mapping[str, DemoBreak]) -> int:
    """The id of the kill for which the open pages are still counted, or 0."""
    row = rows.get(BreakKind.WORKER)
    return row.id or 0 if row and row.at > clock.now() - COUNTED_FOR else 0


def dies_at(row: DemoBreak) -> datetime:
    """When the worker of a kill was killed."""
    return datetime.fromisoformat(row.facts["dies_at"])


def _roll_call(session: Session, row: DemoBreak) -> RollCall:
    there = session.exec(
        select(DemoReturn.back_at).where(DemoReturn.break_id == row.id, col(DemoReturn.was_there))
    ).all()
    back = [(at - dies_at(row)).total_seconds() for at in there if at is not None]
    return RollCall(len(there), len(back), max(back, default=0.0))
