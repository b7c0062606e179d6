"""Photos at the desk: a member of staff sees those of the letters that they have opened, and each opening is recorded."""

from __future__ import annotations

from sqlalchemy import exists
from sqlmodel import Session, col, select

from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.photos import PhotoState
from rxconnect.models import Message, Photo, StaffView
from rxconnect.services.review import desk


def for_staff(session: Session, actor: Actor, key: str) -> str:
    """The `store` of a photo in a letter that the actor has opened, never in a privileged one. Raises `NotFound`."""
    try:
        is_letter = desk.is_letter(actor)
    except NotAllowed:
        raise NotFound("photo") from None
    was_opened = exists().where(
        col(StaffView.message_id) == col(Message.id), col(StaffView.account_id) == actor.account_id
    )
    found = (
        select(Photo.store)
        .join(Message, col(Message.id) == Photo.message_id)
        .where(Photo.key == key, Photo.state == PhotoState.READY, is_letter, was_opened)
    )
    store = session.exec(found).first()
    if store is None:
        raise NotFound("photo")
    return store
