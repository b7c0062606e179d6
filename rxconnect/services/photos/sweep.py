"""The sweep: what belongs to no letter and no draft is deleted, the files first and then the row.

These are photos that were removed and did not come back, those of drafts that were discarded, uploads that were cut off, and
files without a row, as after a restored backup.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import Session, col, delete, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.photos import UNDO_FOR, PhotoState
from rxconnect.domain.removals import RemovalKind
from rxconnect.models import Draft, Photo
from rxconnect.services.photos import storage
from rxconnect.services.photos.port import Stored
from rxconnect.services.removals import removals
from rxconnect.services.scheduling.batches import Batch

_BATCH = 100
# A browser repeats an upload that was cut off for a few minutes.
_CUT_OFF = timedelta(hours=1)


def sweep_rows(after: int = 0) -> Batch:
    """Delete one batch of the photos that belong to nothing, with their files."""
    due = db.read(_left, after)
    batch = Batch(resume_after=due[-1] if len(due) == _BATCH else None)
    batch.each(_delete, due)
    return batch


def sweep_files() -> Batch:
    """Delete the files that belong to no row, and what a killed process had begun to write."""
    batch = Batch()
    # The files are listed before the rows, so a file that is listed has its row by now, if it ever had one.
    listed = list(storage.current().files())
    for first in range(0, len(listed), _BATCH):
        some = listed[first : first + _BATCH]
        known = db.read(_known, {one.store for one in some})
        batch.each(_delete_file, [one.name for one in some if not _is_kept(one, known)])
    return batch


def _is_left() -> ColumnElement[bool]:
    """The condition for a photo that belongs to nothing, or whose deletion was cut off."""
    now = clock.now()
    return and_(
        col(Photo.message_id).is_(None),
        or_(
            col(Photo.state) == PhotoState.GONE,
            col(Photo.removed_at) < now - UNDO_FOR,
            and_(col(Photo.state) == PhotoState.UPLOADING, col(Photo.created_at) < now - _CUT_OFF),
            ~exists().where(col(Draft.id) == col(Photo.draft_id))
            & ~removals.is_recent(RemovalKind.DRAFT, col(Photo.draft_id)),
        ),
    )


def _left(session: Session, after: int) -> list[int]:
    left = select(Photo.id).where(_is_left(), col(Photo.id) > after)
    return [one for one in session.exec(left.order_by(col(Photo.id)).limit(_BATCH)) if one is not None]


def _delete(photo_id: int) -> bool:
    """Delete a photo's files, unless another photo has them too, and then its row."""
    store = db.write(_begin, photo_id)
    if store is None:
        return False
    if store:
        storage.delete_all(store)
    return db.write(_end, photo_id)


def _begin(session: Session, photo_id: int) -> str | None:
    """From now on the photo is gone for everybody. Returns the `store` to delete, "" if another photo has it too."""
    left = select(Photo).where(Photo.id == photo_id, _is_left())
    photo = session.exec(left.with_for_update(skip_locked=True)).one_or_none()
    if photo is None:
        return None
    photo.state = PhotoState.GONE
    shared = select(Photo.id).where(Photo.store == photo.store, Photo.id != photo_id, Photo.state != PhotoState.GONE)
    return "" if session.exec(shared.limit(1)).first() else photo.store


def _end(session: Session, photo_id: int) -> bool:
    gone = col(Photo.id) == photo_id, col(Photo.state) == PhotoState.GONE
    return bool(session.exec(delete(Photo).where(*gone)).rowcount)


def _known(session: Session, stores: set[str]) -> dict[str, bool]:
    """Which of these stores have a row, and whether an upload to them may be under way.

    A photo that the scanner refused keeps no files: those that are left, a killed process did not delete.
    """
    kept = col(Photo.store).in_(stores), col(Photo.state) != PhotoState.REFUSED
    rows = session.exec(select(Photo.store, Photo.state, Photo.created_at).where(*kept))
    since = clock.now() - _CUT_OFF
    return {store: state == PhotoState.UPLOADING and created_at > since for store, state, created_at in rows}


def _is_kept(one: Stored, known: dict[str, bool]) -> bool:
    return one.store in known and (one.is_whole or known[one.store])


def _delete_file(name: str) -> bool:
    storage.current().delete(name)
    return True
