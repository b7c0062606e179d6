"""Submissions: SEND, and the screening that follows it in the same transaction.

So a letter is at the desk as soon as the family reads that it was sent. A letter that could not be screened stays in
screening, and a job tries again. After `_PATIENCE` staff read it unscreened, so that no faulty rule stops the mail.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import CannotScreen
from rxconnect.domain.messages import ItemKind, Lane, MessageStatus
from rxconnect.domain.review import HoldReason, Screening
from rxconnect.models import Item, Message
from rxconnect.services.messages import deliveries, messages, queue_entries
from rxconnect.services.messages.message_moves import move_to_status
from rxconnect.services.scheduling.batches import Batch
from rxconnect.services.screening import hits, screening

_PATIENCE = timedelta(minutes=5)
_BATCH = 50
_TO_SCREEN = (MessageStatus.SUBMITTED, MessageStatus.SCREENING)


def send(
    session: Session, actor: Actor, draft_id: int, *, accepted_terms: str, must_be_privileged: bool = False
) -> int:
    """Send a draft (`messages.send`, with its errors), and screen the letter. Returns the message's id."""
    message_id = messages.send(
        session, actor, draft_id, accepted_terms=accepted_terms, must_be_privileged=must_be_privileged
    )
    screen_letter(session, message_id)
    return message_id


def screen_letter(session: Session, message_id: int) -> bool:
    """Screen a letter, and release it or put it into the desk's queue. False if it is not to be screened (now)."""
    found = select(Message).where(Message.id == message_id, _is_to_screen())
    message = session.exec(found.with_for_update(skip_locked=True)).one_or_none()
    if message is None:
        return False
    try:
        result = screening.screen(session, message)
    except CannotScreen:
        if clock.now() - message.created_at < _PATIENCE:
            return False
        result = Screening(HoldReason.NOT_SCREENED)
    message.language = result.language
    hits.record(session, message, result.hits)
    if message.status == MessageStatus.SUBMITTED:
        move_to_status(session, message, MessageStatus.SCREENING)
    held_for = result.held_for or (HoldReason.PHOTOS if _has_photos(session, message_id) else None)
    if held_for is None:
        move_to_status(session, message, MessageStatus.APPROVED)
        deliveries.deliver_if_approved(session, message)
    else:
        move_to_status(session, message, MessageStatus.IN_REVIEW)
        queue_entries.add_letter(session, message, held_for)
    return True


def screen_due(after: int = 0) -> Batch:
    """Screen one batch of letters that SEND left in screening, or that followed their person to another facility."""
    return Batch.of_page(
        db.read(_due_message_ids, after), _BATCH, lambda message_id: db.write(screen_letter, message_id)
    )


def _has_photos(session: Session, message_id: int) -> bool:
    """Whether a letter has photos. No rule can look at these, so staff do."""
    photo = select(Item.id).where(Item.message_id == message_id, Item.kind == ItemKind.PHOTO)
    return session.exec(photo.limit(1)).first() is not None


def _is_to_screen() -> ColumnElement[bool]:
    """The condition for a letter that waits for screening. A privileged one never does: no rule may look at it."""
    return and_(col(Message.lane) == Lane.ORDINARY, col(Message.status).in_(_TO_SCREEN))


def _due_message_ids(session: Session, after: int) -> list[int]:
    due = select(Message.id).where(_is_to_screen(), col(Message.id) > after)
    return [one for one in session.exec(due.order_by(col(Message.id)).limit(_BATCH)) if one is not None]
