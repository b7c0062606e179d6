"""Photos of drafts: their order and captions, removing them, and what SEND makes of them. An actor reaches only their own."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists
from sqlmodel import Session, col, func, select

from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import Invalid, NotFound, TooLate
from rxconnect.domain.photos import CAPTION_MAX, MOST_PHOTOS, UNDO_FOR, PhotoState, PhotoView, label_of, note_of
from rxconnect.domain.problems import Problem
from rxconnect.domain.removals import RemovalKind, RemovalView
from rxconnect.domain.text import one_line
from rxconnect.models import Contact, Draft, Facility, Inmate, Photo
from rxconnect.services.photos import storage
from rxconnect.services.removals import removals

# An upload that is older was cut off. Nothing waits for it any more.
UNDER_WAY = timedelta(minutes=2)


def of_draft(session: Session, draft_id: int) -> list[PhotoView]:
    """The photos of a draft, in their order. Those that are still being uploaded are left out."""
    return [photo_view(photo, place) for place, photo in enumerate(_rows(session, draft_id), start=1)]


def has_photos() -> ColumnElement[bool]:
    """The condition for a draft that has photos."""
    return exists().where(col(Photo.draft_id) == col(Draft.id), *_belong_to_draft())


def require_sendable(session: Session, draft_id: int, most: int) -> None:
    """Raise `Invalid` (photos) if the draft has more photos than `most`, or one that cannot be sent yet."""
    count = len(_rows(session, draft_id))
    if count > most:
        raise Invalid(photos=Problem.TOO_MANY_PHOTOS(most=most) if most else Problem.NO_PHOTOS_HERE())
    under_way = and_(col(Photo.state) == PhotoState.UPLOADING, col(Photo.created_at) > clock.now() - UNDER_WAY)
    blocked = col(Photo.state).in_([PhotoState.WAITING, PhotoState.REFUSED]) | under_way
    mine = select(Photo.id).where(Photo.draft_id == draft_id, col(Photo.removed_at).is_(None), blocked)
    if session.exec(mine.limit(1)).first() is not None:
        raise Invalid(photos=Problem.PHOTO_NOT_READY())


def to_send(session: Session, draft_id: int) -> list[Photo]:
    """The photos that SEND makes items of, in their order."""
    return [photo for photo in _rows(session, draft_id) if photo.state == PhotoState.READY]


def get(session: Session, actor: Actor, photo_id: int) -> PhotoView:
    """One of the actor's photos of a draft. Raises `NotFound`."""
    photo = _my_photo(session, actor, photo_id)
    rows = _rows(session, photo.draft_id)
    return photo_view(photo, rows.index(photo) + 1 if photo in rows else len(rows) + 1)


def add_caption(session: Session, actor: Actor, photo_id: int, text: str) -> None:
    """Give a photo of a draft a caption, or none. Raises `NotFound`, and `Invalid` (photos) for one that is too long."""
    caption = one_line(text)
    if len(caption) > CAPTION_MAX:
        raise Invalid(photos=Problem.TOO_LONG(most=CAPTION_MAX, length=len(caption)))
    my_draft(session, actor, _my_photo(session, actor, photo_id).draft_id)
    # SEND may have taken the photo meanwhile.
    _my_photo(session, actor, photo_id, for_update=True).caption = caption
    session.flush()


def move(session: Session, actor: Actor, photo_id: int, place: int) -> None:
    """Give a photo of a draft this place, from 1 on; the others keep their order. Raises `NotFound`."""
    photo = _my_photo(session, actor, photo_id)
    my_draft(session, actor, photo.draft_id)
    rows = [row for row in _rows(session, photo.draft_id) if row.id != photo_id]
    rows.insert(max(0, place - 1), photo)
    for number, row in enumerate(rows, start=1):
        row.place = number
    session.flush()


def remove(session: Session, actor: Actor, photo_id: int) -> RemovalView:
    """Remove a photo from its draft, which can be undone. Raises `NotFound`."""
    my_draft(session, actor, _my_photo(session, actor, photo_id).draft_id)
    photo = _my_photo(session, actor, photo_id, for_update=True)
    if photo.removed_at is not None:
        raise NotFound("photo")
    name = get(session, actor, photo_id).label
    photo.removed_at = clock.now()
    session.flush()
    return removals.add(session, actor, RemovalKind.PHOTO, photo_id, name=name)


def restore(session: Session, actor: Actor, photo_id: int) -> None:
    """Put a removed photo back. Raises `NotFound`, `TooLate`, and `Invalid` (photos) when the draft is full meanwhile."""
    draft = my_draft(session, actor, _my_photo(session, actor, photo_id).draft_id)
    photo = _my_photo(session, actor, photo_id, for_update=True)
    if photo.state == PhotoState.GONE or (photo.removed_at and photo.removed_at < clock.now() - UNDO_FOR):
        raise TooLate
    if photo.removed_at is not None:
        require_room(session, draft)
        photo.removed_at = None
        session.flush()


def copy(session: Session, message_id: int, draft_id: int) -> None:
    """Give a draft the photos of a message, which share their files."""
    sent = select(Photo).where(Photo.message_id == message_id).order_by(col(Photo.place), col(Photo.id))
    for photo in session.exec(sent).all():
        facts = photo.model_dump(include={"account_id", "store", "state", "place", "caption", "width", "height"})
        session.add(Photo(**facts, draft_id=draft_id, key=storage.new_store(), upload_key=storage.new_store()))
    session.flush()


def my_draft(session: Session, actor: Actor, draft_id: int) -> Draft:
    """The actor's draft, locked until the transaction ends. Raises `NotFound`.

    SEND holds this lock too, so a letter's photos neither grow nor shrink between its price and its items.
    """
    mine = select(Draft).where(Draft.id == draft_id, Draft.account_id == actor.account_id)
    draft = session.exec(mine.with_for_update()).one_or_none()
    if draft is None:
        raise NotFound("draft")
    return draft


def require_room(session: Session, draft: Draft) -> None:
    """Raise `Invalid` (photos) if a locked draft can have no further photo."""
    most = session.exec(
        select(Facility.most_photos)
        .join(Inmate, col(Inmate.facility_id) == Facility.id)
        .join(Contact, col(Contact.inmate_id) == Inmate.id)
        .where(Contact.id == draft.contact_id)
    ).first()
    most = MOST_PHOTOS if most is None else most
    is_alive = col(Photo.state).in_([PhotoState.READY, PhotoState.WAITING]) | (
        col(Photo.created_at) > clock.now() - UNDER_WAY
    )
    count = select(func.count()).where(Photo.draft_id == draft.id, col(Photo.removed_at).is_(None), is_alive)
    if session.exec(count).one() >= most:
        raise Invalid(photos=Problem.TOO_MANY_PHOTOS(most=most) if most else Problem.NO_PHOTOS_HERE())


def next_place(session: Session, draft_id: int) -> int:
    """The place after the last photo of a draft."""
    return (session.exec(select(func.max(Photo.place)).where(Photo.draft_id == draft_id)).one() or 0) + 1


def photo_view(photo: Photo, place: int) -> PhotoView:
    """A photo of a draft as its writer sees it."""
    return PhotoView(
        id=photo.id or 0,
        key=photo.key,
        label=label_of(place, photo.caption),
        caption=photo.caption,
        width=photo.width,
        height=photo.height,
        state=photo.state,
        note=note_of(photo.state),
    )


def _belong_to_draft() -> tuple[ColumnElement[bool], ...]:
    return (
        col(Photo.message_id).is_(None),
        col(Photo.removed_at).is_(None),
        col(Photo.state).not_in([PhotoState.UPLOADING, PhotoState.GONE]),
    )


def _rows(session: Session, draft_id: int) -> list[Photo]:
    mine = select(Photo).where(Photo.draft_id == draft_id, *_belong_to_draft())
    return list(session.exec(mine.order_by(col(Photo.place), col(Photo.id))).all())


def _my_photo(session: Session, actor: Actor, photo_id: int, *, for_update: bool = False) -> Photo:
    """The actor's photo of a draft that still exists, which no letter has yet."""
    mine = select(Photo).where(Photo.id == photo_id, Photo.account_id == actor.account_id)
    draft = exists().where(col(Draft.id) == col(Photo.draft_id))
    unsent = mine.where(col(Photo.message_id).is_(None), draft)
    photo = session.exec(unsent.with_for_update() if for_update else unsent).one_or_none()
    if photo is None:
        raise NotFound("photo")
    return photo
