"""Saved filters of the queue, each reviewer's own."""

from __future__ import annotations

from dataclasses import asdict

from sqlmodel import Session, col, delete, select

from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.desk import DeskFilter, SavedFilter
from rxconnect.domain.errors import Invalid, NotFound
from rxconnect.domain.problems import Problem
from rxconnect.domain.review import FILTER_NAME_MAX, Queue, Shelf
from rxconnect.domain.text import one_line
from rxconnect.models import SavedDeskFilter
from rxconnect.models.sorting import by_name
from rxconnect.services.audit.recording import record_at
from rxconnect.services.review import desk


def save(session: Session, actor: Actor, name: str, wanted: DeskFilter) -> SavedFilter:
    """Save a filter under a name; one with the same name is replaced. Raises `Invalid`, `NotAllowed`, `NotFound`."""
    desk.facilities(actor, wanted.facility_id)
    name = one_line(name)
    if not name:
        raise Invalid(name=Problem.FILTER_NAME_MISSING())
    if len(name) > FILTER_NAME_MAX:
        raise Invalid(name=Problem.TOO_LONG(most=FILTER_NAME_MAX, length=len(name)))
    mine = select(SavedDeskFilter).where(SavedDeskFilter.account_id == actor.account_id, SavedDeskFilter.name == name)
    row = session.exec(mine).one_or_none() or SavedDeskFilter(account_id=actor.account_id, name=name)
    row.fields = asdict(wanted)
    session.add(row)
    session.flush()
    record_at(
        session, actor, desk.facilities(actor, wanted.facility_id), AuditKind.FILTER_SAVED, subject=f"filter {row.id}"
    )
    return _view(row)


def my_filters(session: Session, actor: Actor) -> list[SavedFilter]:
    """The actor's saved filters, sorted by name."""
    desk.facilities(actor)
    mine = select(SavedDeskFilter).where(SavedDeskFilter.account_id == actor.account_id)
    return [_view(row) for row in session.exec(mine.order_by(by_name(SavedDeskFilter.name)))]


def remove(session: Session, actor: Actor, filter_id: int) -> None:
    """Delete one of the actor's filters. Raises `NotFound`."""
    mine = col(SavedDeskFilter.id) == filter_id, col(SavedDeskFilter.account_id) == actor.account_id
    if not session.exec(delete(SavedDeskFilter).where(*mine)).rowcount:
        raise NotFound("filter")
    record_at(session, actor, desk.facilities(actor), AuditKind.FILTER_DELETED, subject=f"filter {filter_id}")


def _view(row: SavedDeskFilter) -> SavedFilter:
    assert row.id is not None
    fields = row.fields | {"queue": Queue(row.fields["queue"]), "shelf": Shelf(row.fields["shelf"])}
    return SavedFilter(row.id, row.name, DeskFilter(**fields))
