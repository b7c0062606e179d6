"""New messages: the rows that SEND makes of a checked draft, in the lane that its sender has at this moment."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from rxconnect.domain import clock, terms
from rxconnect.domain.accounts import Actor
from rxconnect.domain.drafts import DraftView
from rxconnect.domain.messages import Direction, ItemKind, Lane, MessageStatus
from rxconnect.domain.text import fold
from rxconnect.models import Facility, Item, Message
from rxconnect.services.lawyers import verifications
from rxconnect.services.messages.message_moves import record_event
from rxconnect.services.photos import draft_photos


def create_message(session: Session, actor: Actor, draft: DraftView) -> tuple[Message, list[Item]]:
    """Create the message and its items from a checked draft: the text, each photo, and the reply credit if it pays for the answer.

    An ordinary message is to be screened next. A privileged one is accepted at once: neither a rule nor a person reads it, so
    nobody can decide it, and it cannot expire.
    """
    assert draft.contact_id is not None
    assert draft.facility_id is not None
    lane = verifications.lane_at_send(session, actor.account_id, draft.facility_id)
    status = MessageStatus.APPROVED if lane is Lane.PRIVILEGED else MessageStatus.SCREENING
    expires_after = timedelta(days=session.get_one(Facility, draft.facility_id).expires_after_days)
    captions = [photo.caption for photo in draft_photos.to_send(session, draft.id)]
    message = Message(
        account_id=actor.account_id,
        contact_id=draft.contact_id,
        facility_id=draft.facility_id,
        direction=Direction.OUTGOING,
        lane=lane,
        subject=draft.subject,
        body=draft.body,
        search_text=fold(" ".join([draft.subject, draft.body, *captions])),
        status=status,
        cost_credits=draft.cost,
        draft_id=draft.id,
        terms_version=terms.VERSION,
        terms_accepted_at=clock.now(),
        expires_at=None if lane is Lane.PRIVILEGED else clock.now() + expires_after,
    )
    session.add(message)
    session.flush()
    assert message.id is not None
    items = _create_items(session, message, draft, status)
    record_event(session, message, MessageStatus.SUBMITTED, by=actor)
    record_event(session, message, status)
    session.flush()
    return message, items


def _create_items(session: Session, message: Message, draft: DraftView, status: MessageStatus) -> list[Item]:
    message_id = message.id
    assert message_id is not None
    photos = draft_photos.to_send(session, draft.id)
    of_words = draft.cost - len(photos) * draft.photo_credits - draft.answer_cost

    def item(kind: ItemKind, credits: int) -> Item:
        return Item(message_id=message_id, kind=kind, status=status, credits=credits)

    pictures = [item(ItemKind.PHOTO, draft.photo_credits) for _ in photos]
    answer = [item(ItemKind.REPLY, draft.answer_cost)] if draft.answer_cost else []
    # They are inserted in this order, in which a message's items are read.
    items = [item(ItemKind.TEXT, of_words), *pictures, *answer]
    session.add_all(items)
    session.flush()
    for photo, picture in zip(photos, pictures, strict=True):
        photo.message_id, photo.item_id = message_id, picture.id
    return items
