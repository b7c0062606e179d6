"""Letters in one line: the latest of an account with what became of them, and the months in which a contact has any."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from rxconnect.domain import dates
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotFound
from rxconnect.domain.messages import Direction, ItemKind, LetterLine, MessageStatus, MonthView
from rxconnect.domain.money import credits
from rxconnect.domain.text import snippet
from rxconnect.i18n import _
from rxconnect.models import Contact, Facility, Inmate, Item, Message
from rxconnect.services.messages.message_views import is_for_family, status_label

_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])", re.ASCII)

# Built once, since building them takes longer than running them.
_LATEST = (
    select(Message, Inmate, Facility)
    .join(Contact, col(Contact.id) == Message.contact_id)
    .join(Inmate, col(Inmate.id) == Contact.inmate_id)
    .join(Facility, col(Facility.id) == Message.facility_id)
    .where(col(Message.account_id) == bindparam("owner"), is_for_family())
    .order_by(col(Message.created_at).desc(), col(Message.id).desc())
    .limit(bindparam("length"))
)
# An answer that did not come returns its credit too, and says nothing about the letter.
_RETURNED = (
    select(col(Item.message_id), func.sum(Item.credits))
    .where(
        col(Item.message_id).in_(bindparam("message_ids", expanding=True)),
        col(Item.status).in_([status for status in MessageStatus if status.returns_credits]),
        col(Item.kind) != ItemKind.REPLY,
    )
    .group_by(col(Item.message_id))
)


def latest(session: Session, actor: Actor, length: int) -> list[LetterLine]:
    """The actor's newest `length` letters to and from everybody, the newest first."""
    rows = session.execute(_LATEST, {"owner": actor.account_id, "length": length}).all()
    sums = session.execute(_RETURNED, {"message_ids": [row[0].id for row in rows]}).all()
    returned = {message_id: count for message_id, count in sums if count}
    return [_line(message, inmate, facility, returned.get(message.id, 0)) for message, inmate, facility in rows]


def months(session: Session, actor: Actor, contact_id: int) -> list[MonthView]:
    """The months in which there are letters with one contact, the newest first, as the facility's clock tells them."""
    zone = _zone(session, actor, contact_id)
    sent = session.exec(
        select(Message.created_at)
        .where(Message.contact_id == contact_id, is_for_family())
        .order_by(col(Message.created_at).desc())
    )
    counts = Counter(at.astimezone(zone).date().replace(day=1) for at in sent)
    return [MonthView(f"{month:%Y-%m}", dates.month_and_year(month), count) for month, count in counts.items()]


def end_of_month(session: Session, actor: Actor, contact_id: int, key: str) -> datetime | None:
    """When the month `2026-03` is over at a contact's facility; None if `key` is no month."""
    zone = _zone(session, actor, contact_id)
    if not _MONTH.fullmatch(key):
        return None
    year, month = int(key[:4]), int(key[5:])
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone).astimezone(UTC)


def _zone(session: Session, actor: Actor, contact_id: int) -> ZoneInfo:
    """The time zone where the contact is held. Raises `NotFound` for somebody else's contact."""
    mine = (
        select(Facility.time_zone)
        .join(Inmate, col(Inmate.facility_id) == Facility.id)
        .join(Contact, col(Contact.inmate_id) == Inmate.id)
        .where(Contact.id == contact_id, Contact.account_id == actor.account_id)
    )
    zone = session.exec(mine).first()
    if zone is None:
        raise NotFound("contact")
    return ZoneInfo(zone)


def _line(message: Message, inmate: Inmate, facility: Facility, returned: int) -> LetterLine:
    assert message.id is not None
    is_outgoing = message.direction == Direction.OUTGOING
    return LetterLine(
        id=message.id,
        name=inmate.full_name,
        initials=(inmate.first_name[:1] + inmate.last_name[:1]).upper(),
        snippet=snippet(message.body),
        at=dates.short_date(message.created_at, facility.time_zone),
        is_outgoing=is_outgoing,
        is_unread=not is_outgoing and message.read_at is None,
        outcome=_outcome(status_label(message, facility), returned) if is_outgoing else "",
        tone=MessageStatus(message.status).tone if is_outgoing else "",
    )


def _outcome(label: str, returned: int) -> str:
    """`In review`, or `Not delivered, 1 credit back`."""
    return _("{status}, {credits} back").format(status=label, credits=credits(returned)) if returned else label
