"""Whole steps of a letter in one call, for the demonstration's past and for scripts.

`approve`, `reject` and `decide_appeal` claim, decide and commit in one transaction. At the desk, these are three steps (`claims`,
`decisions`, `commits`), with time to undo. `open_message` is for the tablet.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session

from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import IllegalMove
from rxconnect.domain.messages import MessageStatus, Reason
from rxconnect.domain.review import Outcome, Ruling
from rxconnect.services.messages.message_moves import move_to_status
from rxconnect.services.review import appeals, claims, commits, decisions, desk


def approve(session: Session, actor: Actor, message_id: int, *, items: Collection[int] | None = None) -> None:
    """Approve a message: every undecided item, or only these `items`."""
    _decide(session, actor, message_id, Ruling(Outcome.APPROVED, items=tuple(items or ())))


def reject(
    session: Session,
    actor: Actor,
    message_id: int,
    reason: Reason,
    note: str = "",
    *,
    items: Collection[int] | None = None,
) -> None:
    """Reject a message for a structured reason: every undecided item, or only these `items`.

    Their credits return, and the family gets an email.
    """
    _decide(session, actor, message_id, Ruling(Outcome.REJECTED, reason, note, tuple(items or ())))


def decide_appeal(session: Session, actor: Actor, message_id: int, outcome: Outcome, answer: str) -> None:
    """Decide an appeal: `UPHELD` or `OVERTURNED`, with an answer for the family."""
    message = desk.locked_letter(session, actor, message_id)
    claims.take(session, actor, message_id)
    decision = appeals.decide(session, actor, message_id, outcome, answer)
    commits.commit_locked(session, message, decision.id)


def deliver(session: Session, actor: Actor, message_id: int) -> None:
    """Mark an approved message as delivered, and spend its credits."""
    move_to_status(session, desk.locked_letter(session, actor, message_id), MessageStatus.DELIVERED)


def open_message(session: Session, actor: Actor, message_id: int) -> None:
    """Mark a message as opened by the person in custody."""
    move_to_status(session, desk.locked_letter(session, actor, message_id), MessageStatus.OPENED)


def _decide(session: Session, actor: Actor, message_id: int, ruling: Ruling) -> None:
    message = desk.locked_letter(session, actor, message_id)
    if message.status != MessageStatus.IN_REVIEW:
        raise IllegalMove(message.status, ruling.outcome)
    claims.take(session, actor, message_id)
    decision = decisions.decide(session, actor, message_id, [ruling])
    commits.commit_locked(session, message, decision.id)
