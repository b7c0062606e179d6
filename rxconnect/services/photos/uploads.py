"""Uploads: a file that a family chose becomes a photo of a draft.

The row comes first, then the files, then the row says that they are there. So a crash at any moment leaves a row that is not
ready, which a repeated upload completes, or the sweep removes. Each try writes files of its own, and only the last one's
become the photo's, so a slow try can neither delete nor replace them. The uploaded file itself is never stored.
"""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import timedelta
from typing import BinaryIO

import structlog
from sqlmodel import Session, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.errors import NotAllowed, NotFound, PhotoRefused, RxConnectError, ScannerSilent, Unavailable
from rxconnect.domain.photos import MOST_BYTES, PhotoProblem, PhotoState, PhotoView, Size
from rxconnect.models import Photo
from rxconnect.services.accounts import throttle
from rxconnect.services.photos import draft_photos, scanner, storage
from rxconnect.services.photos.pictures import Pictures, make_pictures

log = structlog.get_logger()

# Uploads of one account in an hour: thirty letters full of photos.
_PER_HOUR = 300


def upload(actor: Actor, draft_id: int, upload_key: str, file: BinaryIO, *, size: int) -> PhotoView:
    """Make a photo of the actor's draft from a file of `size` bytes, scan it, and store it.

    `upload_key` is the browser's number of the upload, 32 hexadecimal digits: a repeated one returns the photo of the
    first. Opens its own transactions, because decoding takes a second. Raises `NotFound`, `NotAllowed`, `Throttled`, `Invalid`
    (photos) when the draft is full, `PhotoRefused`, and `Unavailable` when the storage fails.
    """
    photo, is_new = db.write(_begin, actor, draft_id, upload_key)
    photo_id, store = photo.id, photo.store
    assert photo_id is not None
    if not is_new:
        return db.read(draft_photos.get, actor, photo_id)
    try:
        is_scanned, made = _made_of(file, size)
    except RxConnectError:
        db.write(_forget, photo_id, store)
        raise
    try:
        for one, content in made.files.items():
            storage.current().put(storage.name_of(store, one), content)
        return db.write(_finish, actor, photo_id, store, made, is_scanned=is_scanned)
    except RxConnectError:
        _clean_up(photo_id, store)
        raise


def withdraw(session: Session, actor: Actor, draft_id: int, upload_key: str) -> None:
    """Remove the photo of an upload from the actor's draft, whatever the server has of it: all, a part, or nothing yet.

    A try that is still under way stores nothing, and neither does one that arrives later. Raises `NotFound`, `NotAllowed` and
    `Throttled`.
    """
    if not actor.may(Permission.WRITE_MESSAGES):
        raise NotAllowed
    draft_photos.my_draft(session, actor, draft_id)
    photo = _row_of(session, actor, draft_id, upload_key)
    if photo is None:
        throttle.count_attempt(session, "photo", str(actor.account_id), _PER_HOUR, timedelta(hours=1))
        # The row keeps a try that arrives later from storing anything. The sweep deletes it.
        photo = _new_row(session, actor, draft_id, upload_key)
    photo.removed_at = photo.removed_at or clock.now()
    session.add(photo)
    session.flush()


def is_clean(store: str) -> bool:
    """Whether the scanner finds nothing in a stored photo. Raises `ScannerSilent`, `NotFound` and `Unavailable`."""
    return not any(scanner.has_virus(io.BytesIO(storage.read(store, size))) for size in Size)


def _made_of(file: BinaryIO, size: int) -> tuple[bool, Pictures]:
    """Whether an uploaded file was scanned, and its pictures. Raises `PhotoRefused` and `Unavailable`."""
    if size == 0:
        raise PhotoRefused(PhotoProblem.EMPTY)
    if size > MOST_BYTES:
        raise PhotoRefused(PhotoProblem.TOO_LARGE)
    return _scan(file), make_pictures(file)


def _clean_up(photo_id: int, store: str) -> None:
    """Delete what a failed try has stored, and then its row, so that no file is ever without one.

    While the storage does not answer, the row stays: the next try completes it, or the sweep deletes both.
    """
    with suppress(Unavailable):
        storage.delete_all(store)
        db.write(_forget, photo_id, store)


def _scan(file: BinaryIO) -> bool:
    """Scan an uploaded file, if there is a scanner. False if it does not answer. Raises `PhotoRefused` for what it finds."""
    if not scanner.is_configured():
        return True
    try:
        found = scanner.has_virus(file)
    except ScannerSilent as error:
        log.warning("the virus scanner does not answer: a photo waits", reason=str(error))
        return False
    if found:
        raise PhotoRefused(PhotoProblem.INFECTED)
    return True


def _begin(session: Session, actor: Actor, draft_id: int, upload_key: str) -> tuple[Photo, bool]:
    """The row of this upload, and whether its files are still to be made: it is new, or an earlier try was cut off."""
    if not actor.may(Permission.WRITE_MESSAGES):
        raise NotAllowed
    draft = draft_photos.my_draft(session, actor, draft_id)
    photo = _row_of(session, actor, draft_id, upload_key)
    if photo is not None and photo.state != PhotoState.UPLOADING:
        return photo, False
    if photo is not None and photo.removed_at is not None:
        raise NotFound("photo")
    throttle.count_attempt(session, "photo", str(actor.account_id), _PER_HOUR, timedelta(hours=1))
    if photo is None:
        draft_photos.require_room(session, draft)
        photo = _new_row(session, actor, draft_id, upload_key)
    else:
        # An earlier try may still write. The sweep removes what it leaves.
        photo.store = storage.new_store()
    photo.created_at = clock.now()
    session.add(photo)
    session.flush()
    return photo, True


def _row_of(session: Session, actor: Actor, draft_id: int, upload_key: str) -> Photo | None:
    """The locked row of an upload, None if there is none yet. Raises `NotFound` for one of another draft."""
    mine = select(Photo).where(Photo.account_id == actor.account_id, Photo.upload_key == upload_key)
    photo = session.exec(mine.with_for_update()).one_or_none()
    if photo is not None and (photo.draft_id != draft_id or photo.state == PhotoState.GONE):
        raise NotFound("photo")
    return photo


def _new_row(session: Session, actor: Actor, draft_id: int, upload_key: str) -> Photo:
    return Photo(
        account_id=actor.account_id,
        draft_id=draft_id,
        key=storage.new_store(),
        store=storage.new_store(),
        upload_key=upload_key,
        place=draft_photos.next_place(session, draft_id),
    )


def _finish(
    session: Session, actor: Actor, photo_id: int, store: str, made: Pictures, *, is_scanned: bool
) -> PhotoView:
    """Say that the files of this try are there. Raises `NotFound` if the draft was sent or discarded or the photo removed, and
    `Unavailable` if a later try is under way.
    """
    photo = session.get(Photo, photo_id)
    if photo is None:
        raise NotFound("photo")
    draft_photos.my_draft(session, actor, photo.draft_id)
    session.refresh(photo, with_for_update=True)
    if photo.state == PhotoState.GONE or photo.removed_at is not None:
        raise NotFound("photo")
    if not _is_of(photo, store):
        raise Unavailable("a later try of this upload has the photo")
    photo.state = PhotoState.READY if is_scanned else PhotoState.WAITING
    photo.width, photo.height = made.width, made.height
    session.flush()
    return draft_photos.get(session, actor, photo_id)


def _forget(session: Session, photo_id: int, store: str) -> None:
    """Delete the row of a try that failed, unless a later one has it, or it was withdrawn."""
    photo = session.get(Photo, photo_id, with_for_update=True)
    if photo is not None and _is_of(photo, store) and photo.removed_at is None:
        session.delete(photo)


def _is_of(photo: Photo, store: str) -> bool:
    return photo.state == PhotoState.UPLOADING and photo.store == store
