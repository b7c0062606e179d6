"""Commits: a decision takes effect. The letter moves, its credits are settled, and both sides are told."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import update
from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind, Post, Role
from rxconnect.domain.appeals import AppealStatus
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.messages import Direction, ItemKind, MessageStatus
from rxconnect.domain.notices import NoticeKind
from rxconnect.domain.review import DecisionState, Outcome
from rxconnect.domain.second_readings import foreign, is_drawn, is_drawn_by_chance
from rxconnect.models import (
    Account,
    Appeal,
    Decision,
    DecisionItem,
    Facility,
    Item,
    Message,
    QueueEntry,
    ReadingDebt,
    SecondReading,
)
from rxconnect.services.audit import verification
from rxconnect.services.audit.recording import record, write_rows
from rxconnect.services.messages import deliveries, message_emails, queue_entries
from rxconnect.services.messages.message_moves import move_to_status
from rxconnect.services.review import decision_emails, desk, notices


def commit(session: Session, decision_id: int) -> bool:
    """Commit a decision whose time to undo has passed. False if it is not due, was ended, or is being changed now."""
    due = select(Decision).where(Decision.id == decision_id, col(Decision.commits_at) <= clock.now())
    decision = session.exec(due).one_or_none()
    if decision is None:
        return False
    # Skip a locked message: the sender may be withdrawing it at this moment.
    locked = select(Message).where(Message.id == decision.message_id).with_for_update(skip_locked=True)
    message = session.exec(locked).one_or_none()
    return message is not None and commit_locked(session, message, decision_id)


def commit_locked(session: Session, message: Message, decision_id: int) -> bool:
    """Commit a pending decision about a message whose lock the caller holds. False if it is not pending any more."""
    if not end(session, decision_id, DecisionState.COMMITTED):
        return False
    decision = session.get_one(Decision, decision_id, populate_existing=True)
    by = _decider(session, decision)
    if decision.appeal_id:
        _decide_appeal(session, message, decision, by)
    else:
        _decide_letter(session, message, decision, by)
    record(
        session,
        by,
        decision.facility_id,
        AuditKind.COMMITTED,
        message_id=decision.message_id,
        decision=decision_id,
        outcome=decision.outcome,
        reason=decision.reason,
    )
    if not decision.appeal_id and not MessageStatus(message.status).is_undecided:
        _draw(session, decision)
    desk.changed(session, message.facility_id)
    return True


def end(session: Session, decision_id: int, state: DecisionState) -> bool:
    """End a pending decision in this state. False if it has ended already."""
    session.flush()
    pending = (col(Decision.id) == decision_id, col(Decision.state) == DecisionState.PENDING)
    committed_at = clock.now() if state is DecisionState.COMMITTED else None
    return bool(session.exec(update(Decision).where(*pending).values(state=state, committed_at=committed_at)).rowcount)


def _decide_letter(session: Session, message: Message, decision: Decision, by: Actor) -> None:
    """Move the items as ruled, the rejected ones first: the message's own event is then about what goes on."""
    entry = update(QueueEntry).where(col(QueueEntry.message_id) == message.id)
    session.exec(entry.values(is_decided=False))
    rejected: list[Item] = []
    texts = session.get_one(Facility, message.facility_id).reason_texts
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for one in session.exec(select(DecisionItem).where(DecisionItem.decision_id == decision.id)):
        groups[one.outcome, one.reason, one.remark].append(one.item_id)
    for (outcome, reason, remark), item_ids in sorted(groups.items(), reverse=True):
        moved = move_to_status(session, message, MessageStatus(outcome), items=item_ids, by=by, note=remark)
        if outcome == Outcome.REJECTED:
            rejected += moved
            for item in moved:
                item.reason, item.rule_text = reason, texts.get(reason, "")
    if rejected:
        if message.direction == Direction.OUTGOING:
            message_emails.email_family(
                session,
                message,
                NoticeKind.REJECTED,
                lambda name: decision_emails.rejection_email(message, rejected, name),
            )
        notices.tell_person(session, message, decision, texts.get(decision.reason, ""))
    deliveries.deliver_if_approved(session, message)


def _decide_appeal(session: Session, message: Message, decision: Decision, by: Actor) -> None:
    """Decide the appeals that waited when the decision was made: the family's, the person's in custody, or both.

    One that was made since is decided next, unless there is nothing more to decide.
    """
    answer, is_overturned = session.get_one(Appeal, decision.appeal_id).answer, decision.outcome == Outcome.OVERTURNED
    waiting = select(Appeal).where(Appeal.message_id == message.id, Appeal.status == AppealStatus.WAITING)
    every = session.exec(waiting.order_by(col(Appeal.id))).all()
    appeals = [appeal for appeal in every if is_overturned or appeal.made_at <= decision.made_at]
    for appeal in appeals:
        appeal.status, appeal.decided_at = AppealStatus(decision.outcome), clock.now()
        appeal.decided_by_role, appeal.answer = decision.by_role, answer
    queue_entries.remove_appeal(session, message)
    if len(appeals) < len(every):
        queue_entries.add_appeal(session, message)
    if is_overturned:
        _overturn(session, message, by, answer)
    if message.direction == Direction.OUTGOING:
        for appeal in appeals:
            if appeal.account_id == message.account_id:
                _email_about(session, message, appeal)
        message_emails.wake_family(session, message)
    message_emails.wake_person(session, message)
    deliveries.deliver_if_approved(session, message)


def _email_about(session: Session, message: Message, appeal: Appeal) -> None:
    message_emails.email_family(
        session, message, NoticeKind.APPEAL, lambda name: decision_emails.appeal_email(appeal, name)
    )


def _overturn(session: Session, message: Message, by: Actor, answer: str) -> None:
    """Approve the rejected items, without charge: their credits came back when they were rejected."""
    refused = select(Item).where(Item.message_id == message.id, Item.status == MessageStatus.REJECTED)
    items = session.exec(refused).all()
    ids = [item.id for item in items if item.id is not None and item.kind != ItemKind.REPLY]
    if not ids:
        return
    for item in items:
        item.waived_credits, item.credits = item.credits, 0
        message.cost_credits -= item.waived_credits
    move_to_status(session, message, MessageStatus.APPROVED, items=ids, by=by, note=answer)
    notices.cancel(session, message)


def _draw(session: Session, decision: Decision) -> None:
    """Decide whether another reviewer reads the letter again, by the hash of the row that was just recorded."""
    place = session.get_one(Facility, decision.facility_id)
    write_rows(session)
    head = verification.head(session, decision.facility_id)
    if language := foreign(decision.language):
        debt = session.get(ReadingDebt, (decision.facility_id, language)) or ReadingDebt(
            facility_id=decision.facility_id, language=language
        )
        drawn, debt.owed = is_drawn(head.hash, place.second_reading_share, place.foreign_reading_share, debt.owed)
        session.add(debt)
    else:
        drawn = is_drawn_by_chance(head.hash, place.second_reading_share)
    if drawn:
        assert decision.id is not None
        session.add(
            SecondReading(decision_id=decision.id, message_id=decision.message_id, facility_id=decision.facility_id)
        )


def _decider(session: Session, decision: Decision) -> Actor:
    """The reviewer as an actor, in the role that they had when they decided."""
    account = session.get_one(Account, decision.by_account_id)
    post = Post(decision.facility_id, Role(decision.by_role))
    return Actor(decision.by_account_id, account.name, account.email, ActorKind.STAFF, (post,))
