"""What auditors look for: the rows of a facility's chain by person, kind, day and letter, and its export."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, func, select

from rxconnect import db
from rxconnect.domain import dates
from rxconnect.domain.accounts import Actor, ActorKind, Permission, Role
from rxconnect.domain.audit import AuditKind, AuditLine, AuditSearch, AuditView, folded
from rxconnect.domain.audit_chain import ChainRow, Head
from rxconnect.domain.errors import NotAllowed
from rxconnect.i18n import _
from rxconnect.models import Account, AuditRow, Facility
from rxconnect.models.sorting import by_name
from rxconnect.services.audit import verification
from rxconnect.services.audit.recording import Act, record_acts, write_rows

PAGE = 50
_EXPORTED_AT_ONCE = 2_000
# The list of people to choose from.
_PEOPLE = 300


@dataclass(frozen=True, slots=True)
class Export:
    """An export that has begun. It ends with its own row, whose hash is the `head` that the file names."""

    facility_id: int
    key: str
    zone: str
    wanted: AuditSearch
    head: Head


def page(session: Session, actor: Actor, facility_id: int | None, wanted: AuditSearch, before: int = 0) -> AuditView:
    """The newest rows that fit, before the row `before`; by default of the actor's first facility.

    Records that the actor saw them. Raises `NotAllowed`.
    """
    facility = _facility(session, actor, facility_id)
    assert facility.id is not None
    conditions = _conditions(facility.id, facility.time_zone, wanted)
    if before:
        conditions.append(col(AuditRow.sequence) < before)
    found: Any = select(AuditRow, Account.name).join(Account, col(Account.id) == AuditRow.account_id, isouter=True)
    rows = session.exec(found.where(*conditions).order_by(col(AuditRow.sequence).desc()).limit(PAGE + 1)).all()
    record_acts(session, actor, [Act(facility.id, AuditKind.AUDIT_SHOWN, details=wanted.fields)])
    write_rows(session)
    return AuditView(
        facility_id=facility.id,
        facility=facility.name,
        facilities=_choices(session, actor),
        people=_people(session, facility.id),
        lines=folded(_line(row, name, facility.time_zone) for row, name in rows[:PAGE]),
        next=rows[PAGE - 1][0].sequence if len(rows) > PAGE else 0,
        head=str(verification.head(session, facility.id)),
    )


def begin_export(session: Session, actor: Actor, facility_id: int | None, wanted: AuditSearch) -> Export:
    """Record an export, which includes everything up to this record. Raises `NotAllowed`."""
    facility = _facility(session, actor, facility_id)
    assert facility.id is not None
    record_acts(session, actor, [Act(facility.id, AuditKind.AUDIT_EXPORTED, details=wanted.fields)])
    write_rows(session)
    return Export(facility.id, facility.key, facility.time_zone, wanted, verification.head(session, facility.id))


def exported_rows(export: Export) -> Iterator[tuple[ChainRow, str]]:
    """The rows of an export in order, each with the name of who acted, and last the export's own row.

    Opens a short transaction for each few thousand rows, so that a slow download holds none. Rows that are exported never
    change, so together they are as in one snapshot.
    """
    after = 0
    while batch := db.read(_exported_after, export, after):
        yield from batch
        after = batch[-1][0].sequence


def _exported_after(session: Session, export: Export, after: int) -> list[tuple[ChainRow, str]]:
    own = col(AuditRow.sequence) == export.head.sequence
    fitting = _conditions(export.facility_id, export.zone, export.wanted)
    where = (
        col(AuditRow.facility_id) == export.facility_id,
        col(AuditRow.sequence) > after,
        col(AuditRow.sequence) <= export.head.sequence,
        or_(own, and_(*fitting)),
    )
    fields: Any = (*(col(getattr(AuditRow, name)) for name in ChainRow._fields), Account.name)
    found: Any = select(*fields).join(Account, col(Account.id) == AuditRow.account_id, isouter=True)
    rows = session.exec(found.where(*where).order_by(col(AuditRow.sequence)).limit(_EXPORTED_AT_ONCE))
    return [(ChainRow._make(row[:-1]), row[-1] or "") for row in rows]


def _facility(session: Session, actor: Actor, facility_id: int | None) -> Facility:
    allowed = actor.facilities(Permission.SEE_AUDIT)
    if not allowed or facility_id not in (None, *allowed):
        raise NotAllowed
    return session.get_one(Facility, facility_id or allowed[0])


def _conditions(facility_id: int, zone: str, wanted: AuditSearch) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(AuditRow.facility_id) == facility_id]
    if wanted.account_id:
        found.append(col(AuditRow.account_id) == wanted.account_id)
    if wanted.kind:
        found.append(col(AuditRow.kind) == wanted.kind)
    if wanted.message_id:
        found.append(col(AuditRow.message_id) == wanted.message_id)
    if wanted.day:
        begins = datetime.combine(wanted.day, time(), ZoneInfo(zone))
        found += [col(AuditRow.at) >= begins, col(AuditRow.at) < begins + timedelta(days=1)]
    return found


def _choices(session: Session, actor: Actor) -> list[tuple[int, str]]:
    allowed = actor.facilities(Permission.SEE_AUDIT)
    rows = session.exec(select(Facility).where(col(Facility.id).in_(allowed)).order_by(by_name(Facility.name)))
    return [(row.id or 0, row.name) for row in rows]


def _people(session: Session, facility_id: int) -> list[tuple[str, str]]:
    """Everybody who acted here, as (id, name). Each step goes along the index to the next account."""
    ids: list[int] = []
    least = select(func.min(AuditRow.account_id)).where(AuditRow.facility_id == facility_id)
    while len(ids) < _PEOPLE:
        found = session.exec(least.where(col(AuditRow.account_id) > (ids[-1] if ids else 0))).one()
        if found is None:
            break
        ids.append(found)
    rows = session.exec(
        select(Account.id, Account.name).where(col(Account.id).in_(ids)).order_by(by_name(Account.name))
    )
    return [(str(account_id), name) for account_id, name in rows]


def _line(row: AuditRow, name: str | None, zone: str) -> AuditLine:
    is_role = row.role in list(Role)
    return AuditLine(
        number=row.sequence,
        at=dates.day_and_time(row.at, zone),
        person=name or (_("RxConnect") if row.role == ActorKind.SYSTEM else ""),
        role=Role(row.role).label if is_role else "",
        what=AuditKind(row.kind).label if row.kind in list(AuditKind) else row.kind,
        letter=str(row.message_id or ""),
        details=_in_words(row),
        hash=row.hash[:12],
    )


def _in_words(row: AuditRow) -> str:
    """The subject and the details on one line. They are words of ours, numbers and ids."""
    details = json.loads(row.details) if row.details else {}
    told = [f"{name.replace('_', ' ')}: {_value(value)}" for name, value in details.items()]
    return ", ".join(filter(None, (row.subject, *told)))


def _value(value: object) -> str:
    return json.dumps(value) if isinstance(value, dict | list) else str(value)
