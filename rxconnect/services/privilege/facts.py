"""Facts: that there was a privileged letter, and when. Staff learn no more of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from rxconnect.domain import dates
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.errors import NotAllowed
from rxconnect.domain.messages import Lane
from rxconnect.domain.privilege import PrivilegedFact
from rxconnect.models import Facility, Message

_SHOWN = 100


def is_privileged_at(facility_ids: tuple[int, ...]) -> ColumnElement[bool]:
    """The condition for the privileged letters of these facilities. Every query of this package begins here."""
    return and_(col(Message.lane) == Lane.PRIVILEGED, col(Message.facility_id).in_(facility_ids))


def letters(session: Session, actor: Actor) -> list[PrivilegedFact]:
    """The newest privileged letters of the actor's facilities, in either direction. Raises `NotAllowed`."""
    # No other column is read, so none can be shown by mistake.
    columns: Any = (Message.id, Message.created_at, Facility.name, Facility.time_zone)
    rows = session.exec(
        select(*columns)
        .join(Facility, col(Facility.id) == Message.facility_id)
        .where(is_privileged_at(facilities(actor)))
        .order_by(col(Message.created_at).desc(), col(Message.id).desc())
        .limit(_SHOWN)
    )
    return [PrivilegedFact(one, name, dates.day_and_time(at, zone)) for one, at, name, zone in rows]


def facilities(actor: Actor) -> tuple[int, ...]:
    """The facilities whose privileged lane the actor may know of: an administrator's or an auditor's. Raises `NotAllowed`."""
    allowed = actor.facilities(Permission.SEE_AUDIT)
    if not allowed:
        raise NotAllowed
    return allowed
