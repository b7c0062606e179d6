"""Recording: every act of staff adds a row to the chain of its facility, in the transaction of the act itself.

So there is no act without its row, and no row of an act that was rolled back. The rows are written right before the commit,
so that the transactions of a facility wait for each other only for a moment: the end of its chain is locked until then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, event, insert, update
from sqlalchemy import select as columns
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session, col, select

from rxconnect.db import add_once
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind, Post, Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.audit_chain import ChainRow, canonical_details, genesis, row_hash
from rxconnect.models import AuditChain, AuditRow, StaffPost

# Built once, since building them takes longer than running them.
_END = (
    columns(col(AuditChain.sequence), col(AuditChain.hash))
    .where(col(AuditChain.facility_id) == bindparam("chain"))
    .with_for_update()
)
_ADD = insert(AuditRow)
# The key under which a session keeps the acts of its transaction.
_QUEUED = "acts"
_MOVE_END = (
    update(AuditChain)
    .where(col(AuditChain.facility_id) == bindparam("chain"))
    .values(sequence=bindparam("new_sequence"), hash=bindparam("new_hash"))
)


@dataclass(frozen=True, slots=True)
class Act:
    """One act at a facility. `subject` names what it was about besides a letter; `details` are ids, numbers and words of ours."""

    facility_id: int
    kind: AuditKind
    message_id: int | None = None
    subject: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


def record(
    session: Session,
    actor: Actor,
    facility_id: int,
    kind: AuditKind,
    *,
    message_id: int | None = None,
    subject: str = "",
    **details: object,
) -> None:
    """Record an act at one facility. No detail may hold a word of a letter, or a name."""
    record_acts(session, actor, [Act(facility_id, kind, message_id, subject, details)])


def record_at(
    session: Session,
    actor: Actor,
    facility_ids: Iterable[int],
    kind: AuditKind,
    *,
    subject: str = "",
    **details: object,
) -> None:
    """Record an act that concerns several facilities, such as a search in all of them: a row at each."""
    record_acts(session, actor, [Act(one, kind, None, subject, details) for one in facility_ids])


def record_for_account(session: Session, account_id: int, kind: AuditKind, **details: object) -> None:
    """Record what somebody did with their own account, such as a sign-in: a row at each facility where they work.

    Does nothing for an account that is no staff's.
    """
    rows = session.exec(select(StaffPost).where(StaffPost.account_id == account_id)).all()
    posts = tuple(Post(row.facility_id, Role(row.role)) for row in rows if row.suspended_at is None)
    actor = Actor(account_id, "", "", ActorKind.STAFF, posts)
    record_acts(session, actor, [Act(post.facility_id, kind, details=details) for post in posts])


def record_acts(session: Session, actor: Actor, acts: Iterable[Act]) -> None:
    """Record several acts at once, in this order at each facility."""
    transaction, now = session.get_nested_transaction() or session.get_transaction(), clock.now()
    session.info.setdefault(_QUEUED, []).extend(_Queued(transaction, actor, now, act) for act in acts)


class _Queued(NamedTuple):
    """An act whose row is not written yet, and the transaction with which it is rolled back."""

    transaction: SessionTransaction | None
    actor: Actor
    at: datetime
    act: Act


def write_rows(session: Session) -> None:
    """Write the rows of what was recorded so far. The commit does so itself; call it to read them before."""
    by_facility: dict[int, list[_Queued]] = defaultdict(list)
    for one in session.info.pop(_QUEUED, ()):
        by_facility[one.act.facility_id].append(one)
    # Always in the same order, so that two transactions do not wait for each other in a circle.
    for facility_id in sorted(by_facility):
        _append(session, facility_id, by_facility[facility_id])


@event.listens_for(Session, "before_commit")
def _before_commit(session: Session) -> None:
    # SQLAlchemy also fires this event for a savepoint, whose acts wait for the commit of the whole.
    if not session.in_nested_transaction():
        write_rows(session)


@event.listens_for(Session, "after_soft_rollback")
def _after_rollback(session: Session, ended: SessionTransaction) -> None:
    """Forget the acts of a transaction that was rolled back, or of a savepoint and those within it."""
    # SQLAlchemy also fires this event for the flush inside either.
    if session.info.get(_QUEUED) and (ended.nested or ended.parent is None):
        session.info[_QUEUED] = [one for one in session.info[_QUEUED] if not _is_within(one.transaction, ended)]


def _is_within(transaction: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while transaction is not None and transaction is not outer:
        transaction = transaction.parent
    return transaction is outer


def _append(session: Session, facility_id: int, queued: list[_Queued]) -> None:
    sequence, last = _locked_end(session, facility_id)
    connection, rows = session.connection(), list[dict[str, Any]]()
    for _transaction, actor, at, act in queued:
        sequence += 1
        row = ChainRow(
            sequence=sequence,
            at=at,
            account_id=actor.account_id or None,
            role=str(actor.acts_as(facility_id)),
            kind=str(act.kind),
            message_id=act.message_id,
            subject=act.subject,
            details=canonical_details(act.details),
            previous=last,
            hash="",
        )
        last = row_hash(facility_id, row)
        rows.append(row._replace(hash=last)._asdict() | {"facility_id": facility_id})
    connection.execute(_ADD, rows)
    connection.execute(_MOVE_END, {"chain": facility_id, "new_sequence": sequence, "new_hash": last})


def _locked_end(session: Session, facility_id: int) -> tuple[int, str]:
    """The sequence and hash of the chain's last row, locked until the transaction ends. The first act begins the chain."""
    found = session.connection().execute(_END, {"chain": facility_id}).first()
    if found is None:
        chain = AuditChain(facility_id=facility_id, hash=genesis(facility_id), headed_on=clock.now().date())
        # Somebody else may begin it at the same moment.
        add_once(session, chain)
        found = session.connection().execute(_END, {"chain": facility_id}).one()
    return found[0], found[1]
