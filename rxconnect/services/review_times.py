"""How long a facility takes to decide about a message, measured, so that a family knows what to expect."""

from __future__ import annotations

import math
from datetime import timedelta

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.domain.messages import MessageStatus
from rxconnect.domain.text import count
from rxconnect.models import Message, MessageEvent

WINDOW = timedelta(days=90)
# Enough for a steady median, and few enough to be read while somebody types.
SAMPLE = 500
FEWEST = 5


def review_time(session: Session, facility_id: int) -> str:
    """The median and the 95th percentile, as a sentence, of the newest decisions at a facility."""
    waits = _waits(session, facility_id)
    if len(waits) < FEWEST:
        return "Too few messages were read here lately to say how long it takes. Your inbox shows every step."
    median, slow = _percentile(waits, 50), _percentile(waits, 95)
    if _rounded(median) == _rounded(slow):
        return f"Messages here are usually read within {_rounded(median)}."
    return f"Messages here are usually read within {_rounded(median)}; 19 of 20 within {_rounded(slow)}."


def _waits(session: Session, facility_id: int) -> list[timedelta]:
    """From in review to decided, shortest first: the newest `SAMPLE` messages written within `WINDOW`."""
    decided, begun = MessageEvent, aliased(MessageEvent)
    rows = session.exec(
        select(begun.at, decided.at)
        .join(Message, col(Message.id) == begun.message_id)
        .join(decided, col(decided.message_id) == begun.message_id)
        .where(
            Message.facility_id == facility_id,
            Message.created_at >= clock.now() - WINDOW,
            begun.status == MessageStatus.IN_REVIEW,
            col(decided.status).in_((MessageStatus.APPROVED, MessageStatus.REJECTED)),
        )
        .order_by(col(Message.created_at).desc())
        .limit(SAMPLE)
    )
    return sorted(end - begin for begin, end in rows)


def _percentile(waits: list[timedelta], percent: int) -> timedelta:
    """The nearest-rank percentile: the wait that `percent` of 100 messages did not exceed."""
    return waits[math.ceil(len(waits) * percent / 100) - 1]


def _rounded(wait: timedelta) -> str:
    """Rounded up, so that the promise holds: `1 hour`, `14 hours`, `3 days`."""
    hours = max(1, math.ceil(wait / timedelta(hours=1)))
    return count(hours, "hour") if hours <= 48 else count(math.ceil(hours / 24), "day")
