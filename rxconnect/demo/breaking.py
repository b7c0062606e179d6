"""What the trainer's page about breaking things shows."""

from __future__ import annotations

import json
from typing import Any

from sqlmodel import Session

from rxconnect import db, world
from rxconnect.demo import audit_forgeries, breaks, worker_kills
from rxconnect.demo.letter_ways import WAYS
from rxconnect.demo.seats import require_trainer, room_of
from rxconnect.domain import refusals
from rxconnect.domain.breaking import BreakingView, BreakKind, attempt_views
from rxconnect.domain.demo import Seat
from rxconnect.domain.errors import CannotKill
from rxconnect.i18n import number_text
from rxconnect.models import DemoBreak


def page(seat: Seat) -> BreakingView:
    """What can be broken now, and what came of the last time. Opens its own transactions. Raises `NotAllowed` for others."""
    require_trainer(seat)
    with world.own().bound():
        altered = audit_forgeries.altered(seat)
        return db.read(_page, seat, altered, _kill_problem())


def _kill_problem() -> str:
    try:
        db.read(worker_kills.require_due)
        worker_kills.require_possible()
    except CannotKill as error:
        return refusals.sentence(error)
    return ""


def _page(session: Session, seat: Seat, altered: DemoBreak | None, why_no_kill: str) -> BreakingView:
    room_of(session, seat)
    rows = breaks.latest(session, seat.session_id)
    told = {kind: breaks.view(session, row) for kind, row in rows.items()}
    audit, letter = altered or rows.get(BreakKind.AUDIT), rows.get(BreakKind.LETTER)
    forgery: dict[str, Any] = audit.facts["forgery"] if audit else {}
    names = {key: name for key, (name, _way) in WAYS.items()}
    return BreakingView(
        why_no_kill=why_no_kill,
        worker=told.get(BreakKind.WORKER),
        audit=breaks.view(session, audit) if audit else None,
        letter=told.get(BreakKind.LETTER),
        is_altered=altered is not None,
        row=number_text(forgery["sequence"]) if forgery else "",
        before=_lines(forgery.get("before", "")),
        after=_lines(forgery["after"] if altered else forgery.get("before", "")),
        attempts=attempt_views(letter.facts, names) if letter else (),
    )


def _lines(details: str) -> str:
    """The stored JSON with a blank after each comma, so that it can be read and wraps."""
    return json.dumps(json.loads(details), ensure_ascii=False)[1:-1] if details else ""
