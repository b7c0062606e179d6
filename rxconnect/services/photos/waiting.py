"""Photos that wait for the virus scanner: a job asks it again until it answers."""

from __future__ import annotations

from sqlmodel import Session, col, select

from rxconnect import db, live
from rxconnect.domain.errors import NotFound, ScannerSilent
from rxconnect.domain.photos import PhotoState
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import Photo
from rxconnect.services.photos import scanner, storage, uploads
from rxconnect.services.scheduling.batches import Batch

_BATCH = 20


def scan_due(after: int = 0) -> Batch:
    """Scan one batch of the photos that wait. While the scanner does not answer, they wait on."""
    due = db.read(_waiting, after)
    batch = Batch(resume_after=due[-1][0] if len(due) == _BATCH else None)
    batch.each(lambda photo: _scan(*photo), due)
    return batch


def _scan(photo_id: int, store: str) -> bool:
    try:
        is_clean = not scanner.is_configured() or uploads.is_clean(store)
    except (ScannerSilent, NotFound):
        # Not answered; or the photo was removed meanwhile.
        return False
    if not db.write(_settle, photo_id, is_clean):
        return False
    if not is_clean:
        storage.delete_all(store)
    return True


def _waiting(session: Session, after: int) -> list[tuple[int, str]]:
    due = select(Photo.id, Photo.store).where(Photo.state == PhotoState.WAITING, col(Photo.id) > after)
    return [(photo_id or 0, store) for photo_id, store in session.exec(due.order_by(col(Photo.id)).limit(_BATCH))]


def _settle(session: Session, photo_id: int, is_clean: bool) -> bool:
    """Keep what the scanner said. False if another worker has done so."""
    waiting = select(Photo).where(Photo.id == photo_id, Photo.state == PhotoState.WAITING)
    photo = session.exec(waiting.with_for_update(skip_locked=True)).one_or_none()
    if photo is None:
        return False
    photo.state = PhotoState.READY if is_clean else PhotoState.REFUSED
    live.publish(session, Topic(Subject.THREADS, photo.account_id))
    return True
