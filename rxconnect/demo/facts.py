"""Facts: checks of what has happened in a world since a session started, by the name in a step's `done`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from rxconnect.domain.messages import Direction
from rxconnect.models import Card, Contact, Draft, Location, Message, Purchase, Receipt, Refund
from rxconnect.services.accounts import throttle

# Takes the id of the scenario's family account and a time on the world's clock. True if it has happened since then.
Fact = Callable[[Session, int, datetime], bool]


def _row_exists(model: Any, when: Any, *conditions: ColumnElement[bool] | bool) -> Fact:
    """A fact that is true if the family has a row of this model that meets the conditions."""

    def fact(session: Session, family: int, since: datetime) -> bool:
        found = select(model).where(model.account_id == family, col(when) >= since, *conditions)
        return session.exec(found.limit(1)).first() is not None

    return fact


def _has_searched(session: Session, family: int, since: datetime) -> bool:
    return throttle.has_tried(session, "inmate search", str(family), since)


FACTS: dict[str, Fact] = {
    "location added": _row_exists(Location, Location.created_at),
    "search made": _has_searched,
    "contact added": _row_exists(Contact, Contact.created_at, col(Contact.removed_at).is_(None)),
    "purchase begun": _row_exists(Purchase, Purchase.created_at),
    "card chosen": _row_exists(Purchase, Purchase.created_at, col(Purchase.card_last_four) != ""),
    "credits bought": _row_exists(Purchase, Purchase.paid_at),
    "card stored": _row_exists(Card, Card.created_at, col(Card.removed_at).is_(None)),
    "receipt issued": _row_exists(Receipt, Receipt.issued_at),
    "draft written": _row_exists(Draft, Draft.updated_at, col(Draft.body) != ""),
    "message sent": _row_exists(Message, Message.created_at, col(Message.direction) == Direction.OUTGOING),
    "refund asked": _row_exists(Refund, Refund.created_at, col(Refund.by_account_id).is_(None)),
    "refund given by staff": _row_exists(Refund, Refund.created_at, col(Refund.by_account_id).is_not(None)),
}
