"""What a facility decided about a sender's letters, or about letters to a person, in the last year."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.domain.appeals import AppealStatus
from rxconnect.domain.desk import HistoryView
from rxconnect.domain.messages import Direction, ItemKind, Lane, MessageStatus, Reason
from rxconnect.models import Account, Appeal, Contact, Inmate, Item, Message

_WINDOW = timedelta(days=365)


def of_sender(session: Session, sender: Account, facility_id: int) -> HistoryView:
    """The history of a family's letters at a facility."""
    return _history(session, sender.name, facility_id, col(Contact.account_id) == sender.id)


def of_person(session: Session, person: Inmate, facility_id: int) -> HistoryView:
    """The history of the letters to a person at a facility."""
    return _history(session, person.full_name, facility_id, col(Contact.inmate_id) == person.id)


def _history(session: Session, name: str, facility_id: int, whose: ColumnElement[bool]) -> HistoryView:
    contacts = session.exec(select(Contact.id).where(whose)).all()
    # The facility is compared here, and not in the query: a database would else walk all letters of the facility.
    columns: Any = (Message.id, Message.facility_id, Message.lane, Item.status, Item.reason, Appeal.status)
    is_families = and_(col(Appeal.message_id) == Message.id, col(Appeal.account_id) == Message.account_id)
    query: Any = (
        select(*columns)
        .join(Item, col(Item.message_id) == Message.id)
        .join(Appeal, is_families, isouter=True)
        .where(col(Message.contact_id).in_(contacts), col(Message.created_at) >= clock.now() - _WINDOW)
        .where(Message.direction == Direction.OUTGOING, col(Item.kind) != ItemKind.REPLY)
    )
    here = [row for row in session.exec(query) if (row[1], row[2]) == (facility_id, Lane.ORDINARY)]
    reasons = Counter(reason for *_rest, status, reason, _appeal in here if status == MessageStatus.REJECTED)
    appeals = {message_id: appeal for message_id, *_rest, appeal in here if appeal}
    return HistoryView(
        name=name,
        letters=len({row[0] for row in here}),
        rejected=reasons.total(),
        appeals=len(appeals),
        overturned=sum(appeal == AppealStatus.OVERTURNED for appeal in appeals.values()),
        reasons=[(Reason(reason).label, count) for reason, count in reasons.most_common() if reason],
    )
