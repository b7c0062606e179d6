"""Removals: what an account removed a moment ago, and whether it can still have it back."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, exists, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import IllegalMove, NotFound, TooLate
from rxconnect.domain.removals import (
    LATENCY,
    NAME_MAX,
    SHOWN_FOR,
    UNDO_FOR,
    RemovalKind,
    RemovalView,
    removed_sentence,
)
from rxconnect.models import Removal
from rxconnect.services.scheduling.batches import Batch

# Built once, and of columns, since every page of a family runs it.
_NEWEST: Select[*tuple[Any, ...]] = (
    columns(*(col(column) for column in (Removal.id, Removal.kind, Removal.name, Removal.at)))
    .where(
        col(Removal.account_id) == bindparam("owner"),
        col(Removal.at) > bindparam("since"),
        col(Removal.undone_at).is_(None),
    )
    .order_by(col(Removal.id).desc())
    .limit(1)
)


def add(
    session: Session,
    actor: Actor,
    kind: RemovalKind,
    subject_id: int,
    *,
    name: str = "",
    facts: dict[str, Any] | None = None,
) -> RemovalView:
    """Store that the actor removed something, with the `facts` that restore it."""
    removal = Removal(
        account_id=actor.account_id, kind=kind, subject_id=subject_id, name=name[:NAME_MAX], facts=facts or {}
    )
    session.add(removal)
    session.flush()
    return _view(removal)


def once(
    session: Session,
    actor: Actor,
    kind: RemovalKind,
    subject_id: int,
    remove: Callable[[Session, Actor, int], RemovalView],
) -> RemovalView:
    """Call `remove`. If the actor has removed it a moment ago, as with the second of two presses, return that removal.

    Raises what `remove` raises.
    """
    try:
        return remove(session, actor, subject_id)
    except (NotFound, IllegalMove):
        given = {"owner": actor.account_id, "since": clock.now() - UNDO_FOR}
        same = _NEWEST.where(col(Removal.kind) == kind, col(Removal.subject_id) == subject_id)
        earlier = session.connection().execute(same, given).first()
        if earlier is None:
            raise
        return _view(earlier)


def newest(session: Session, actor: Actor) -> RemovalView | None:
    """The actor's last removal that can still be undone."""
    given = {"owner": actor.account_id, "since": clock.now() - UNDO_FOR}
    removal = session.connection().execute(_NEWEST, given).first()
    return _view(removal) if removal else None


def take(session: Session, actor: Actor, removal_id: int) -> tuple[Removal, bool]:
    """The actor's own removal, now undone, and whether this call undid it: a second press finds that it was.

    Raises `TooLate`, also for what is not the actor's.
    """
    mine = select(Removal).where(Removal.id == removal_id, Removal.account_id == actor.account_id)
    removal = session.exec(mine.with_for_update()).first()
    if removal is None:
        raise TooLate
    if removal.undone_at is not None:
        return removal, False
    if clock.now() > removal.at + UNDO_FOR + LATENCY:
        raise TooLate
    removal.undone_at = clock.now()
    session.flush()
    return removal, True


def settle(session: Session, account_id: int, kind: RemovalKind, subject_id: int) -> None:
    """Offer to undo a removal no more, since what was removed is there again."""
    removed = (col(Removal.account_id) == account_id, col(Removal.kind) == kind, col(Removal.subject_id) == subject_id)
    session.exec(update(Removal).where(*removed, col(Removal.undone_at).is_(None)).values(undone_at=clock.now()))


def is_recent(kind: RemovalKind, subject_id: Any) -> ColumnElement[bool]:
    """The condition for something whose removal can still be undone."""
    return exists().where(
        col(Removal.kind) == kind, col(Removal.subject_id) == subject_id, col(Removal.at) > _last_undoable()
    )


def clear_old(session: Session) -> Batch:
    """Delete the removals that can no longer be undone, and with them what they removed."""
    return Batch(session.connection().execute(delete(Removal).where(col(Removal.at) <= _last_undoable())).rowcount)


def _last_undoable() -> datetime:
    return clock.now() - UNDO_FOR - LATENCY


def _view(removal: Removal | Row[Any]) -> RemovalView:
    assert removal.id is not None
    sentence = removed_sentence(RemovalKind(removal.kind), removal.name)
    return RemovalView(
        removal.id, sentence, _seconds_left(removal.at + SHOWN_FOR), _seconds_left(removal.at + UNDO_FOR)
    )


def _seconds_left(until: datetime) -> int:
    return max(0, math.ceil((until - clock.now()).total_seconds()))
