"""Decisions: pending for ten seconds, then committed. Only the commit moves a letter and its credits.

Everything that ends a decision holds the lock of the message's row, and changes the decision's state from `pending`
once. So of a commit, an undo and a withdrawal at the same moment, the first wins and the others see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.desk import DecisionView
from rxconnect.domain.errors import IllegalMove, Invalid, NotClaimed, NotFound, TooLate
from rxconnect.domain.messages import ItemKind, MessageStatus
from rxconnect.domain.problems import Problem
from rxconnect.domain.review import REMARK_MAX, UNDO_FOR, DecisionState, Outcome, Queue, Ruling
from rxconnect.domain.text import one_line
from rxconnect.models import Appeal, Decision, DecisionItem, Item, Message, QueueEntry
from rxconnect.services.audit.recording import record
from rxconnect.services.review import claims, commits, decision_views, desk
from rxconnect.services.scheduling.batches import Batch

_BATCH = 100


def decide(session: Session, actor: Actor, message_id: int, rulings: Sequence[Ruling]) -> DecisionView:
    """Decide a letter that the actor has claimed, all of it or some items. The decision is pending for `UNDO_FOR`.

    Raises `IllegalMove` for a letter that is not in review (any more), `NotClaimed`, `NotFound`, and `Invalid` for a
    rejection without a reason or with too long a remark.
    """
    message = desk.locked_letter(session, actor, message_id)
    wanted = Outcome.REJECTED if any(one.outcome is Outcome.REJECTED for one in rulings) else Outcome.APPROVED
    if message.status != MessageStatus.IN_REVIEW:
        raise IllegalMove(message.status, wanted)
    items = _ruled_items(session, message, rulings)
    decision = begin(session, actor, message, Queue.LETTERS, wanted)
    decision.reason = next((item.reason for item in items if item.reason), "")
    session.flush()
    for item in items:
        item.decision_id = decision.id or 0
        session.add(item)
    session.flush()
    return decision_views.view(session, actor, decision)


def begin(
    session: Session, actor: Actor, message: Message, queue: Queue, outcome: Outcome, appeal: Appeal | None = None
) -> Decision:
    """Turn the actor's claim of a locked message into a pending decision. Raises `NotClaimed`."""
    now = clock.now()
    entry = session.get(QueueEntry, message.id, populate_existing=True)
    mine = (col(QueueEntry.message_id) == message.id, col(QueueEntry.queue) == queue)
    claimed = (*mine, claims.is_mine(actor), col(QueueEntry.is_decided).is_(False), desk.may_decide(actor))
    decided = update(QueueEntry).where(*claimed).values(is_decided=True, set_aside_until=None, **claims.NOBODY)
    if not session.exec(decided).rowcount or entry is None:
        raise NotClaimed
    decision = Decision(
        message_id=entry.message_id,
        facility_id=message.facility_id,
        appeal_id=appeal.id if appeal else None,
        outcome=outcome,
        by_account_id=actor.account_id,
        by_role=actor.acts_as(message.facility_id),
        made_at=now,
        commits_at=now + UNDO_FOR,
        queue=queue,
        held_for=entry.held_for,
        language=entry.language,
        waited_seconds=max(0, int((now - entry.since).total_seconds())),
        is_late=now > entry.due_at,
    )
    session.add(decision)
    session.flush()
    record(
        session,
        actor,
        message.facility_id,
        AuditKind.DECIDED,
        message_id=entry.message_id,
        decision=decision.id,
        outcome=outcome,
        queue=queue,
    )
    desk.changed(session, message.facility_id)
    return decision


def undo(session: Session, actor: Actor, decision_id: int) -> int:
    """Take back the actor's own pending decision, and claim the letter again. Returns the message's id.

    Raises `NotFound`, and `TooLate` once the decision is committed or overtaken.
    """
    mine = select(Decision).where(Decision.id == decision_id, Decision.by_account_id == actor.account_id)
    decision = session.exec(mine).one_or_none()
    if decision is None:
        raise NotFound("decision")
    desk.locked_letter(session, actor, decision.message_id)
    if not commits.end(session, decision_id, DecisionState.UNDONE):
        raise TooLate
    entry = update(QueueEntry).where(col(QueueEntry.message_id) == decision.message_id)
    session.exec(entry.values(is_decided=False))
    claims.take(session, actor, decision.message_id)
    message_id = decision.message_id
    record(session, actor, decision.facility_id, AuditKind.UNDONE, message_id=message_id, decision=decision_id)
    desk.changed(session, decision.facility_id)
    return decision.message_id


def my_recent(session: Session, actor: Actor, limit: int = 20) -> list[DecisionView]:
    """The actor's newest decisions, and what became of each: also that the sender withdrew the letter in time."""
    mine = select(Decision).where(
        Decision.by_account_id == actor.account_id, col(Decision.facility_id).in_(desk.facilities(actor))
    )
    newest = session.exec(mine.order_by(col(Decision.made_at).desc(), col(Decision.id).desc()).limit(limit)).all()
    return decision_views.views(session, actor, newest)


def commit_due(after: int = 0) -> Batch:
    """Commit one batch of the decisions whose time to undo has passed. Everybody sees the next one at its moment."""
    batch = Batch.of_page(db.read(_due_decision_ids, after), _BATCH, lambda one: db.write(commits.commit, one))
    batch.due_in = db.read(_next_due_in)
    return batch


def _due_decision_ids(session: Session, after: int) -> list[int]:
    due = select(Decision.id).where(
        Decision.state == DecisionState.PENDING, col(Decision.commits_at) <= clock.now(), col(Decision.id) > after
    )
    return [one for one in session.exec(due.order_by(col(Decision.id)).limit(_BATCH)) if one is not None]


def _next_due_in(session: Session) -> float | None:
    """The seconds until the next decision is due. One that is overdue was being changed, and waits for the interval."""
    now = clock.now()
    later = select(func.min(Decision.commits_at)).where(
        Decision.state == DecisionState.PENDING, col(Decision.commits_at) > now
    )
    following = session.exec(later).one()
    return (following - now).total_seconds() if following else None


def _ruled_items(session: Session, message: Message, rulings: Sequence[Ruling]) -> list[DecisionItem]:
    """What the rulings say about each item. Raises `Invalid`, `NotFound` and `IllegalMove`."""
    # A reply credit is not decided: it follows the text.
    parts = select(Item).where(Item.message_id == message.id, Item.kind != ItemKind.REPLY)
    every = session.exec(parts.order_by(col(Item.id))).all()
    undecided = [item.id for item in every if item.status == MessageStatus.IN_REVIEW]
    ruled: dict[int, DecisionItem] = {}
    for ruling in sorted(rulings, key=lambda one: not one.items):
        reason, remark = _checked(ruling)
        if set(ruling.items) - {item.id for item in every}:
            raise NotFound("item")
        if decided := [one for one in ruling.items if one not in undecided or one in ruled]:
            status = next(item.status for item in every if item.id == decided[0])
            raise IllegalMove(status, ruling.outcome)
        for item_id in ruling.items or _rest(undecided, ruled):
            ruled[item_id] = DecisionItem(
                decision_id=0, item_id=item_id, outcome=ruling.outcome, reason=reason, remark=remark
            )
    if not ruled:
        raise NotFound("item")
    return list(ruled.values())


def _rest(undecided: Iterable[int | None], ruled: dict[int, DecisionItem]) -> list[int]:
    return [item_id for item_id in undecided if item_id is not None and item_id not in ruled]


def _checked(ruling: Ruling) -> tuple[str, str]:
    """The reason and the remark of a ruling, as they are stored."""
    remark = one_line(ruling.remark)
    if len(remark) > REMARK_MAX:
        raise Invalid(remark=Problem.REMARK_TOO_LONG(most=REMARK_MAX, length=len(remark)))
    if ruling.outcome is not Outcome.REJECTED:
        return "", remark
    if ruling.reason is None:
        raise Invalid(reason=Problem.REASON_MISSING())
    return ruling.reason, remark
