"""Measured review times: how long a facility takes to decide about a message, as a family reads it."""

from __future__ import annotations

import math
from datetime import timedelta

from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.domain.messages import MessageStatus
from rxconnect.i18n import _, counted
from rxconnect.models import Facility, Message, MessageEvent

WINDOW = timedelta(days=90)
# Enough for steady figures, and few enough to read on each autosave.
SAMPLE = 200
FEWEST = 5

_BEGUN, _DECIDED = aliased(MessageEvent), aliased(MessageEvent)
# Built once, since building it takes longer than running it.
_WAITS = (
    select(_BEGUN.at, _DECIDED.at)
    .join(Message, col(Message.id) == _BEGUN.message_id)
    .join(_DECIDED, col(_DECIDED.message_id) == _BEGUN.message_id)
    .where(
        col(Message.facility_id) == bindparam("facility_id"),
        col(Message.created_at) >= bindparam("since"),
        _BEGUN.status == MessageStatus.IN_REVIEW,
        # Not when the sender undid a withdrawal.
        col(_BEGUN.by_role) == "",
        col(_DECIDED.status).in_((MessageStatus.APPROVED, MessageStatus.REJECTED)),
        col(_DECIDED.item_id).is_(None),
        # An event without a role comes from the system, when a message's last item ended undecided.
        col(_DECIDED.by_role) != "",
    )
    .order_by(col(Message.created_at).desc())
    .limit(SAMPLE)
)


def review_time_text(session: Session, facility_id: int) -> str:
    """Sentences about how long a decision takes at a facility, and when an undecided message expires."""
    days = session.get_one(Facility, facility_id).expires_after_days
    ends = counted(
        "If nobody decides within {count} day, the message ends and its credits come back to you.",
        "If nobody decides within {count} days, the message ends and its credits come back to you.",
        days,
    )
    return f"{review_time(session, facility_id)} {ends}"


def review_time(session: Session, facility_id: int) -> str:
    """A sentence with the median and 95th percentile of recent review times, or with the facility's promise."""
    return measured_time(session, facility_id) or _(
        "Too few messages were read here lately to say how long it takes. The facility promises to decide within "
        "{time}. Your inbox shows every step."
    ).format(time=_promised(session, facility_id))


def measured_time(session: Session, facility_id: int) -> str:
    """The sentence of `review_time`; "" with too few messages to say."""
    return _sentence(
        _figures(session, facility_id),
        _("Messages here are usually read within {median}."),
        _("Messages here are usually read within {median}, and nearly all within {slow}."),
    )


def usual_time(session: Session, facility_id: int) -> str:
    """`review_time` in short, for a letter that waits."""
    return _sentence(
        _figures(session, facility_id),
        _("Usually read within {median}."),
        _("Usually read within {median}, and nearly all within {slow}."),
    ) or _("The facility promises to decide within {time}.").format(time=_promised(session, facility_id))


def _figures(session: Session, facility_id: int) -> tuple[str, str] | None:
    """The median and 95th percentile of recent review times, in words; None with too few messages to say.

    Every sentence is about these two, so that a letter takes as long after it was sent as before.
    """
    waits = _waits(session, facility_id)
    return (_rounded(_percentile(waits, 50)), _rounded(_percentile(waits, 95))) if len(waits) >= FEWEST else None


def _sentence(figures: tuple[str, str] | None, alike: str, both: str) -> str:
    """`both` with the two figures, `alike` if they are the same, or ""."""
    if figures is None:
        return ""
    median, slow = figures
    return (alike if median == slow else both).format(median=median, slow=slow)


def _promised(session: Session, facility_id: int) -> str:
    return _rounded(timedelta(hours=session.get_one(Facility, facility_id).promised_hours))


def _waits(session: Session, facility_id: int) -> list[timedelta]:
    """The times from review to decision, shortest first, of the newest `SAMPLE` messages within `WINDOW`."""
    rows = session.exec(_WAITS, params={"facility_id": facility_id, "since": clock.now() - WINDOW})
    return sorted(decided - begun for begun, decided in rows)


def _percentile(waits: list[timedelta], percent: int) -> timedelta:
    """The nearest-rank percentile: the wait that `percent` of 100 messages did not exceed."""
    return waits[math.ceil(len(waits) * percent / 100) - 1]


def _rounded(wait: timedelta) -> str:
    """The wait, rounded up to `1 hour`, `14 hours` or `3 days`, so that the promise holds."""
    hours = max(1, math.ceil(wait / timedelta(hours=1)))
    if hours <= 48:
        return counted("{count} hour", "{count} hours", hours)
    return counted("{count} day", "{count} days", math.ceil(hours / 24))
