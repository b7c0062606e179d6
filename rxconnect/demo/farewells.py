"""Why a seat is gone, for the browser that still has its cookie, and where its trainer finds the summary."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.demo import seat_tokens, summaries
from rxconnect.domain import clock
from rxconnect.domain.demo import Farewell, Gone
from rxconnect.models import DemoSession


def farewell(session: Session, token: str) -> Farewell:
    """What to tell the browser with this token, whose seat is gone. Of an older session, or to a stranger, it tells nothing."""
    claim = seat_tokens.read(token)
    room = session.get(DemoSession, claim.session_id) if claim else None
    if claim is None or room is None:
        return Farewell(Gone.UNKNOWN)
    if not room.ended_at and room.expires_at > clock.now():
        return Farewell(Gone.REMOVED)
    is_expired = not room.ended_at or room.ended_at >= room.expires_at
    summary = summaries.number_of(claim.session_id) if claim.is_trainer else ""
    return Farewell(Gone.EXPIRED if is_expired else Gone.ENDED, summary, room.trainer)
