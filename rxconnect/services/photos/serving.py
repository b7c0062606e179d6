"""Who may see a photo: each function finds its file by address and actor, or raises `NotFound`.

The staff's is `review.desk.photo_store`, since the desk's border decides what staff reach.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import exists
from sqlmodel import Session, col, select

from rxconnect.domain.accounts import Actor, ActorKind, Permission
from rxconnect.domain.errors import NotAllowed, NotFound
from rxconnect.domain.messages import MessageStatus, Reason
from rxconnect.domain.photos import PhotoState, PhotoView, PrintedPhoto, label_of
from rxconnect.models import Contact, Draft, Item, Message, Photo
from rxconnect.services.photos import draft_photos

# A photo reaches the person once all of its letter is decided, and the photo itself was let through.
_HANDED_ON = [status for status in MessageStatus if status is MessageStatus.APPROVED or status.has_arrived]
_WITH_FILES = (PhotoState.READY, PhotoState.WAITING)


def for_family(session: Session, actor: Actor, key: str) -> str:
    """The `store` of a photo of the actor's own draft or letter. Raises `NotFound`."""
    if actor.kind is not ActorKind.FAMILY:
        raise NotFound("photo")
    is_in_draft = exists().where(col(Draft.id) == col(Photo.draft_id))
    mine = select(Photo.store).where(Photo.key == key, Photo.account_id == actor.account_id)
    is_used = col(Photo.message_id).is_not(None) | is_in_draft
    return _found(session.exec(mine.where(is_used, col(Photo.state).in_(_WITH_FILES))).first())


def for_inmate(session: Session, actor: Actor, key: str) -> str:
    """The `store` of a photo in a letter to the person in custody who is signed in at a kiosk.

    Raises `NotFound`, and `NotAllowed` for anybody who is not at a kiosk.
    """
    inmate_id = _inmate_id(actor)
    handed_on = (col(Message.status).in_(_HANDED_ON), col(Item.status).in_(_HANDED_ON))
    mine = (
        select(Photo.store)
        .join(Item, col(Item.id) == Photo.item_id)
        .join(Message, col(Message.id) == Photo.message_id)
        .join(Contact, col(Contact.id) == Message.contact_id)
        .where(Photo.key == key, Contact.inmate_id == inmate_id, *handed_on)
    )
    return _found(session.exec(mine).first())


def of_letters_to_inmate(session: Session, actor: Actor, message_ids: Collection[int]) -> dict[int, list[PhotoView]]:
    """The photos that were let through in these letters, as far as they are to the person who is signed in at a kiosk.

    Raises `NotAllowed` for anybody who is not at a kiosk.
    """
    theirs = (
        select(Message.id)
        .join(Contact, col(Contact.id) == Message.contact_id)
        .where(col(Message.id).in_(message_ids), Contact.inmate_id == _inmate_id(actor))
        .where(col(Message.status).in_(_HANDED_ON))
    )
    found = _sent(session, [message_id for message_id in session.exec(theirs) if message_id is not None])
    return {
        message_id: [view for view, status in photos if status in _HANDED_ON] for message_id, photos in found.items()
    }


def of_messages(
    session: Session, message_ids: Collection[int], *, opened_unseen: Collection[int] = ()
) -> dict[int, list[PhotoView]]:
    """The photos of messages in their order, with what became of each.

    Of those in `opened_unseen`, the reader does not learn that they were opened: they are shown as delivered.
    """
    delivered = MessageStatus.DELIVERED.label
    return {
        message_id: [
            replace(view, status_label=delivered)
            if status == MessageStatus.OPENED and message_id in opened_unseen
            else view
            for view, status in found
        ]
        for message_id, found in _sent(session, message_ids).items()
    }


def undecided(session: Session, message_id: int) -> list[PhotoView]:
    """The photos of a message for a second reader, who must not learn what became of them. No item is read."""
    sent = select(Photo).where(Photo.message_id == message_id).order_by(col(Photo.place), col(Photo.id))
    return [draft_photos.photo_view(photo, place) for place, photo in enumerate(session.exec(sent).all(), start=1)]


def to_print(session: Session, message_ids: Collection[int]) -> dict[int, list[PrintedPhoto]]:
    """The photos of letters that are printed: those that were let through."""
    printed: dict[int, list[PrintedPhoto]] = defaultdict(list)
    for photo, item, place in _rows(session, message_ids):
        if item.status in _HANDED_ON and photo.message_id:
            printed[photo.message_id].append(PrintedPhoto(label_of(place, photo.caption), photo.caption, photo.store))
    return printed


def of_own_letters(session: Session, actor: Actor, message_ids: Collection[int]) -> dict[int, list[PrintedPhoto]]:
    """The photos of the actor's own letters, whatever became of them: those whose files can be read."""
    own: dict[int, list[PrintedPhoto]] = defaultdict(list)
    for photo, _item, place in _rows(session, message_ids):
        if photo.account_id == actor.account_id and photo.state in _WITH_FILES and photo.message_id:
            own[photo.message_id].append(PrintedPhoto(label_of(place, photo.caption), photo.caption, photo.store))
    return own


def captions(session: Session, message_ids: Collection[int]) -> dict[int, str]:
    """The captions of the photos of messages, a line each, for screening. No item is read."""
    found: dict[int, list[str]] = defaultdict(list)
    sent = select(Photo.message_id, Photo.caption).where(col(Photo.message_id).in_(message_ids), Photo.caption != "")
    for message_id, caption in session.exec(sent.order_by(col(Photo.place), col(Photo.id))):
        found[message_id or 0].append(caption)
    return {message_id: "\n".join(lines) for message_id, lines in found.items()}


def _inmate_id(actor: Actor) -> int:
    if actor.kind is not ActorKind.KIOSK or not actor.may(Permission.USE_KIOSK) or actor.inmate_id is None:
        raise NotAllowed
    return actor.inmate_id


def _sent(session: Session, message_ids: Collection[int]) -> dict[int, list[tuple[PhotoView, str]]]:
    found: dict[int, list[tuple[PhotoView, str]]] = defaultdict(list)
    for photo, item, place in _rows(session, message_ids):
        assert photo.message_id is not None
        found[photo.message_id].append((sent_view(photo, item, place), item.status))
    return found


def sent_view(photo: Photo, item: Item, place: int) -> PhotoView:
    """A photo of a letter, with what became of it."""
    status = MessageStatus(item.status)
    return replace(
        draft_photos.photo_view(photo, place),
        item_id=item.id or 0,
        status_label=status.label,
        status_tone=status.tone,
        reason=Reason(item.reason).label if item.reason else "",
    )


def _rows(session: Session, message_ids: Collection[int]) -> list[tuple[Photo, Item, int]]:
    """The photos of messages with their items, and their places, from 1 on in each message."""
    rows = session.exec(
        select(Photo, Item)
        .join(Item, col(Item.id) == Photo.item_id)
        .where(col(Photo.message_id).in_(message_ids))
        .order_by(col(Photo.message_id), col(Photo.place), col(Photo.id))
    )
    places: dict[int | None, int] = defaultdict(int)
    numbered = []
    for photo, item in rows:
        places[photo.message_id] += 1
        numbered.append((photo, item, places[photo.message_id]))
    return numbered


def _found(store: str | None) -> str:
    if store is None:
        raise NotFound("photo")
    return store
