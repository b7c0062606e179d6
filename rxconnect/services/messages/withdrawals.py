"""Withdrawals: a sender takes a letter back before it is decided, and may change their mind for a few seconds."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import CreditsUsedMeanwhile, InsufficientCredits, TooLate
from rxconnect.domain.messages import ItemKind, MessageStatus, MessageView
from rxconnect.domain.removals import LATENCY, UNDO_FOR
from rxconnect.models import Item, QueueEntry, Withdrawal
from rxconnect.services.messages import messages, queue_entries
from rxconnect.services.messages.message_moves import hold_credits, move_to_status

# What undoing restores of the letter's entry in the queue.
_OF_THE_ENTRY = ("since", "due_at", "held_for", "set_aside_until", "is_escalated")


def withdraw(session: Session, actor: Actor, message_id: int) -> MessageView:
    """Withdraw what is undecided of the actor's own message, and return its credits.

    Raises `NotFound`, and `IllegalMove` once staff have decided.
    """
    message = messages.get_locked(session, actor, message_id)
    entry, expires_at = session.get(QueueEntry, message_id), message.expires_at
    facts: dict[str, Any] = {name: getattr(entry, name) for name in _OF_THE_ENTRY} if entry else {}
    move_to_status(session, message, MessageStatus.WITHDRAWN, by=actor)
    if facts:
        facts |= {"status": message.status, "facility_id": message.facility_id, "expires_at": expires_at}
        session.add(Withdrawal(message_id=message_id, **facts))
        session.flush()
    return messages.get(session, actor, message_id)


def undo(session: Session, actor: Actor, message_id: int) -> MessageView:
    """Undo the last withdrawal within `UNDO_FOR`: the letter waits where it did, and holds its credits again.

    Raises `NotFound`, `TooLate`, also when the rest of the letter has gone on, and `CreditsUsedMeanwhile`.
    """
    message = messages.get_locked(session, actor, message_id)
    every = select(Withdrawal).where(Withdrawal.message_id == message_id).order_by(col(Withdrawal.id).desc())
    withdrawal = session.exec(every.limit(1)).first()
    if withdrawal is None or withdrawal.undone_at or clock.now() > withdrawal.at + UNDO_FOR + LATENCY:
        raise TooLate
    if (message.status, message.facility_id) != (withdrawal.status, withdrawal.facility_id):
        raise TooLate
    if session.get(QueueEntry, message_id):
        raise TooLate
    withdrawal.undone_at = clock.now()
    withdrawn = select(Item).where(
        Item.message_id == message_id, Item.status == MessageStatus.WITHDRAWN, Item.kind != ItemKind.REPLY
    )
    items = [item.id for item in session.exec(withdrawn) if item.id is not None]
    moved = move_to_status(session, message, MessageStatus.IN_REVIEW, items=items, by=actor)
    message.expires_at = withdrawal.expires_at
    queue_entries.restore_letter(session, message, withdrawal)
    for item in moved:
        item.holds += 1
        # Last, because it locks the wallet until the transaction ends.
        try:
            hold_credits(session, message, item)
        except InsufficientCredits as error:
            raise CreditsUsedMeanwhile from error
    return messages.get(session, actor, message_id)
