"""Roster files that staff upload for their facility: kept, previewed, corrected, imported, and taken back.

A file is kept under its SHA-256 in the data folder until it is imported, or for a day. Services that read or store files
open their own transactions, because a whole roster may take long.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO

from sqlmodel import Session, col, select

from rxconnect import db, world
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import BadFile, NotAllowed, NotFound, Unavailable
from rxconnect.domain.facility_settings import Setting
from rxconnect.domain.imports import ImportView, PreviewView, UndoView, UploadView
from rxconnect.domain.inmates import Person
from rxconnect.models import Facility, RosterImport, RosterUpload
from rxconnect.search import directory
from rxconnect.services.audit.recording import record
from rxconnect.services.custody import roster_reports, roster_undo
from rxconnect.services.directory import facility_settings
from rxconnect.services.imports import imports
from rxconnect.services.rosters.roster_files import Progress, RosterFile
from rxconnect.services.scheduling.batches import Batch

_KEPT_FOR = timedelta(days=1)
_MOST_BYTES = 2 * 1024**3
_SHOWN = 10  # people of a preview
_NOT_IN_NAME = re.compile(r"[^\w .()-]+", re.ASCII)


def keep_upload(actor: Actor, facility_id: int, name: str, chunks: Iterable[bytes]) -> UploadView:
    """Keep a file that was uploaded for a facility. `name` is as the browser sent it.

    Raises `NotAllowed` unless the actor imports this facility's rosters, `BadFile` for more than 2 GB, and `Unavailable` when
    there is no room for it.
    """
    _require_importer(actor, facility_id)
    safe = _NOT_IN_NAME.sub("_", name.rpartition("/")[2]).strip(" .")[-80:] or "roster"
    digest = _store(safe, chunks)
    row = RosterUpload(facility_id=facility_id, by_account_id=actor.account_id, file_name=safe, digest=digest)
    return db.write(_add, actor, row)


def get_upload(session: Session, actor: Actor, upload_id: int) -> UploadView:
    """An uploaded file that is not imported yet. Raises `NotFound`, also for another facility's."""
    row = _my_upload(session, actor, upload_id)
    return UploadView(upload_id, row.facility_id, row.file_name)


def preview_upload(
    actor: Actor,
    upload_id: int,
    given: Mapping[str, str] | None = None,
    progress: Progress = imports.no_progress,
) -> PreviewView:
    """What importing an uploaded file would do. `given`, the column by field, corrects the columns, and is kept.

    `progress` is called with (rows, all rows). Raises `NotFound` for another facility's file, and `BadFile`.
    """
    upload = db.read(_my_upload, actor, upload_id)
    with _opened(upload, given) as roster:
        plan = imports.plan_rosters(roster, progress=progress)
        (key,) = roster.facilities
        people = list(roster.roster(key).people.values())[:_SHOWN]
        fields = roster.columns.fields
        columns = [(name, fields.get(position, "")) for position, name in enumerate(roster.columns.header)]
    if given is not None:
        db.write(_keep_given, actor, upload_id, dict(given))
    db.write(_record, actor, upload, AuditKind.ROSTER_PREVIEWED)
    return PreviewView(
        upload_id=upload_id,
        columns=columns,
        people=[_line(person) for person in people],
        counts=plan.counts(),
        examples=plan.examples,
        notes=plan.notes,
        bad=plan.bad,
        merges=plan.merges,
        suspicious=plan.suspicious,
        missing=plan.missing_people,
    )


def import_upload(
    actor: Actor, upload_id: int, *, accept_suspicious: bool = False, progress: Progress = imports.no_progress
) -> ImportView:
    """Import an uploaded file, with the columns of its last preview. Returns the report.

    Raises the errors of `preview_upload`, and `Suspicious` when something looks wrong and is not accepted.
    """
    upload = db.read(_my_upload, actor, upload_id)
    with _opened(upload, None) as roster:
        # Before it is imported, so that there is no import without a record.
        db.write(_record, actor, upload, AuditKind.ROSTER_IMPORT_BEGUN)
        imports.import_rosters(
            roster, accept_suspicious=accept_suspicious, by_account_id=actor.account_id, progress=progress
        )
    db.write(_mark_imported, actor, upload_id)
    return db.read(my_imports, actor, upload.facility_id)[0]


def my_imports(session: Session, actor: Actor, facility_id: int) -> list[ImportView]:
    """The imports of a facility's rosters, newest first. Raises `NotAllowed`."""
    _require_importer(actor, facility_id)
    return roster_reports.imports_of(session, [facility_id])


def take_back(session: Session, actor: Actor, import_id: int) -> UndoView:
    """Take back an import, if it is the facility's last one, and keep who did. Raises `NotFound` otherwise."""
    mine = actor.must(Permission.IMPORT_ROSTERS)
    # Before it is read: an import that is stored meanwhile would be the last one, and would be taken back instead.
    directory.lock_directory(session)
    row = session.get(RosterImport, import_id)
    if row is None or row.facility_id not in mine:
        raise NotFound("import")
    later = RosterImport.facility_id == row.facility_id, col(RosterImport.id) > import_id
    if session.exec(select(RosterImport.id).where(*later).limit(1)).first() is not None:
        raise NotFound("import to take back")
    facility_settings.record_change(session, actor, row.facility_id, Setting.ROSTER, "", row.file_name)
    return roster_undo.undo_import(session, row.facility_id)


def clear_old() -> Batch:
    """Delete the files of uploads that were imported, or that are a day old, and what a kill or a full disk left behind."""
    old = db.read(_old_uploads)
    batch = Batch()
    batch.each(_forget, old)
    batch.each(_delete_left_behind, list(_place().glob("*")))
    return batch


def _require_importer(actor: Actor, facility_id: int) -> None:
    if facility_id not in actor.must(Permission.IMPORT_ROSTERS):
        raise NotAllowed


def _place() -> Path:
    return world.current().folder / "uploads"


def _folder(digest: str) -> Path:
    return _place() / digest


def _store(name: str, chunks: Iterable[bytes]) -> str:
    """Write a file into the folder of its digest. Returns the digest. Raises `Unavailable` when the disk is full.

    It gets its place when it is whole, and only then.
    """
    try:
        place = _place()
        place.mkdir(parents=True, exist_ok=True)
        hashed, size = hashlib.sha256(), 0
        with _unfinished(place) as file:
            for chunk in chunks:
                size += len(chunk)
                if size > _MOST_BYTES:
                    raise BadFile(f"{name} is larger than 2 GB.")
                hashed.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
            folder = _folder(hashed.hexdigest())
            folder.mkdir(exist_ok=True)
            Path(file.name).replace(folder / name)
    except OSError as error:
        raise Unavailable(str(error)) from error
    return hashed.hexdigest()


@contextmanager
def _unfinished(place: Path) -> Iterator[IO[bytes]]:
    """A new file in a folder, which is deleted unless it is renamed inside the block."""
    with tempfile.NamedTemporaryFile(dir=place, delete=False) as file:
        try:
            yield file
        finally:
            Path(file.name).unlink(missing_ok=True)


@contextmanager
def _opened(upload: RosterUpload, given: Mapping[str, str] | None) -> Iterator[RosterFile]:
    path = _folder(upload.digest) / upload.file_name
    if not path.exists():
        raise NotFound("upload")
    key = db.read(_key_of, upload.facility_id)
    with imports.open_rosters(path, facility=key, given=upload.given if given is None else given) as roster:
        yield roster


def _line(person: Person) -> tuple[str, str, str, str, str]:
    name = " ".join(filter(None, (person.first_name, person.middle_name, person.last_name, person.suffix)))
    born = person.birth_date.isoformat() if person.birth_date else str(person.birth_year or "")
    return person.number, name, born, person.housing, person.custody.label


def _add(session: Session, actor: Actor, row: RosterUpload) -> UploadView:
    session.add(row)
    session.flush()
    assert row.id is not None
    _record(session, actor, row, AuditKind.ROSTER_UPLOADED)
    return UploadView(row.id, row.facility_id, row.file_name)


def _my_upload(session: Session, actor: Actor, upload_id: int) -> RosterUpload:
    row = session.get(RosterUpload, upload_id)
    if row is None or row.facility_id not in actor.must(Permission.IMPORT_ROSTERS) or row.imported_at:
        raise NotFound("upload")
    return row


def _keep_given(session: Session, actor: Actor, upload_id: int, given: dict[str, str]) -> None:
    _my_upload(session, actor, upload_id).given = given


def _mark_imported(session: Session, actor: Actor, upload_id: int) -> None:
    upload = _my_upload(session, actor, upload_id)
    upload.imported_at = clock.now()
    _record(session, actor, upload, AuditKind.ROSTER_IMPORTED)


def _record(session: Session, actor: Actor, upload: RosterUpload, kind: AuditKind) -> None:
    record(session, actor, upload.facility_id, kind, subject=f"upload {upload.id}", sha256=upload.digest)


def _key_of(session: Session, facility_id: int) -> str:
    return session.get_one(Facility, facility_id).key


def _old_uploads(session: Session) -> list[tuple[int, str]]:
    done = col(RosterUpload.imported_at).is_not(None) | (col(RosterUpload.at) < clock.now() - _KEPT_FOR)
    rows = session.exec(select(RosterUpload).where(done)).all()
    return [(row.id or 0, row.digest) for row in rows]


def _forget(old: tuple[int, str]) -> bool:
    """Delete an upload, and its file unless another upload needs it. The file goes last."""
    upload_id, digest = old
    if not db.write(_delete, upload_id, digest):
        shutil.rmtree(_folder(digest), ignore_errors=True)
    return True


def _delete(session: Session, upload_id: int, digest: str) -> int:
    """Delete the row. Returns how many other uploads have the same file."""
    if row := session.get(RosterUpload, upload_id):
        session.delete(row)
        session.flush()
    return _uploads_of(session, digest)


def _uploads_of(session: Session, digest: str) -> int:
    return len(session.exec(select(RosterUpload.id).where(RosterUpload.digest == digest)).all())


def _delete_left_behind(path: Path) -> bool:
    """Delete an unfinished file, or the folder of a file that no upload has, when it is a day old."""
    try:
        if path.stat().st_mtime >= (clock.now() - _KEPT_FOR).timestamp() or db.read(_uploads_of, path.name):
            return False
    except FileNotFoundError:
        # It was finished, or another worker has deleted it.
        return False
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return True
