"""Roster files that staff upload for their facility: kept, previewed, corrected, imported, and taken back.

A file is kept in the data folder until it is imported, or for a day after somebody last looked at it. Each upload has a folder
of its own, also for the same file, so the deletion of an old one touches no other. Services that read or store files open
their own transactions, because a whole roster may take long.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from rxconnect import db, world
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import BadFile, NotAllowed, NotFound, Unavailable
from rxconnect.domain.facility_settings import Setting
from rxconnect.domain.imports import ImportView, PreviewView, RosterPlan, UndoView, UploadView
from rxconnect.domain.inmates import Custody, Person
from rxconnect.domain.readings import Choices
from rxconnect.domain.rosters import MOST_MB, MOST_MB_IN_DEMO_SESSION, progress_in_words
from rxconnect.domain.sentences import Sentence
from rxconnect.models import Facility, RosterImport, RosterUpload
from rxconnect.search import directory
from rxconnect.services.audit.recording import record
from rxconnect.services.custody import roster_reports, roster_undo
from rxconnect.services.directory import facility_settings
from rxconnect.services.imports import imports
from rxconnect.services.rosters.roster_files import Progress, RosterFile
from rxconnect.services.scheduling.batches import Batch

# The folder of the kept files, in the world's folder.
FOLDER = "uploads"
_KEPT_FOR = timedelta(days=1)
# After its import, until its page has learned of it.
_KEPT_AFTER_IMPORT = timedelta(minutes=10)
_SHOWN, _MOST_WORDS = 10, 20  # people and words of a preview
# In front of a word, among the columns that were chosen. No field is called so.
_WORD = "status:"
_WAITING = 5
_NOT_IN_NAME = re.compile(r"[^\w .()-]+", re.ASCII)


def keep_upload(actor: Actor, facility_id: int, name: str, chunks: Iterable[bytes]) -> UploadView:
    """Keep a file that was uploaded for a facility. `name` is as the browser sent it.

    Raises `NotAllowed` unless the actor imports this facility's rosters, `BadFile` for more than `most_mb`, and
    `Unavailable` when there is no room for it.
    """
    _require_importer(actor, facility_id)
    safe = _NOT_IN_NAME.sub("_", name.rpartition("/")[2]).strip(" .")[-80:] or "roster"
    place, digest = _store(safe, chunks)
    row = RosterUpload(
        facility_id=facility_id, by_account_id=actor.account_id, file_name=safe, place=place, digest=digest
    )
    return db.write(_add, actor, row)


def most_mb() -> int:
    """The megabytes that a file may have."""
    return MOST_MB if world.current().is_own else MOST_MB_IN_DEMO_SESSION


def get_upload(session: Session, actor: Actor, upload_id: int) -> UploadView:
    """An uploaded file, also just after it was imported. Raises `NotFound`, also for another facility's."""
    return upload_view(_of_mine(session, actor, upload_id))


def upload_view(row: RosterUpload) -> UploadView:
    """An upload as its page shows it."""
    return UploadView(
        id=row.id or 0,
        facility_id=row.facility_id,
        file_name=row.file_name,
        is_asked=row.asked_at is not None and row.imported_at is None,
        is_imported=row.imported_at is not None,
        share=row.share,
        rows=row.rows,
        progress=progress_in_words(row.share, row.rows),
        refusal=str(Sentence.kept(row.refusal) or ""),
    )


def waiting(session: Session, actor: Actor, facility_id: int) -> list[UploadView]:
    """The files of a facility that were uploaded and not imported, the newest first, for whoever may import them."""
    if facility_id not in actor.facilities(Permission.IMPORT_ROSTERS):
        return []
    kept = (RosterUpload.facility_id == facility_id, col(RosterUpload.imported_at).is_(None))
    recent = select(RosterUpload).where(*kept, col(RosterUpload.at) >= clock.now() - _KEPT_FOR)
    rows = session.exec(recent.order_by(col(RosterUpload.id).desc()).limit(_WAITING)).all()
    return [*map(upload_view, rows)]


def preview_upload(
    actor: Actor,
    upload_id: int,
    given: Mapping[str, str] | None = None,
    progress: Progress = imports.no_progress,
    *,
    words: Mapping[str, str] | None = None,
) -> PreviewView:
    """What importing an uploaded file would do. `given`, the column by field, corrects the columns, and is kept.

    So are `words`: words for a status that the file does not explain, each with a value of `Custody`. None leaves what was kept.

    `progress` is called with (rows, all rows). Raises `NotFound` for another facility's file, and `BadFile`.
    """
    upload = db.write(_begin, actor, upload_id)
    columns_given, kept_words = _parted(upload.given)
    chosen = _joined(columns_given if given is None else given, kept_words if words is None else words)
    with _opened(upload, chosen) as roster:
        plan = imports.plan_rosters(roster, progress=progress)
        (key,) = roster.facilities
        people = list(roster.roster(key).people.values())[:_SHOWN]
        fields = roster.columns.fields
        columns = [(name, fields.get(position, "")) for position, name in enumerate(roster.columns.header)]
    if chosen != upload.given:
        db.write(_keep_given, actor, upload_id, chosen)
    db.write(_record, actor, upload, AuditKind.ROSTER_PREVIEWED)
    return PreviewView(
        upload_id=upload_id,
        columns=columns,
        people=[_line(person) for person in people],
        counts=plan.counts(),
        examples=plan.examples,
        notes=[*map(str, plan.notes)],
        bad=[replace(row, reason=str(row.reason)) for row in plan.bad],
        merges=[*map(str, plan.merges)],
        suspicious=[*map(str, plan.suspicious)],
        missing=plan.missing_people,
        words=_words(plan, chosen),
    )


def import_upload(
    actor: Actor,
    upload_id: int,
    *,
    accept_suspicious: bool = False,
    progress: Progress = imports.no_progress,
    tell: Progress = imports.no_progress,
) -> ImportView:
    """Import an uploaded file, with the columns of its last preview. Returns the report.

    `tell` is called with the share of the file that is read, in percent, and the number of its rows, 0 until all are read.

    Raises the errors of `preview_upload`, and `Suspicious` when something looks wrong and is not accepted.
    """
    upload = db.write(_begin, actor, upload_id)
    with _opened(upload, upload.given, lambda done, size: tell(100 * done // max(1, size), 0)) as roster:
        tell(100, roster.total)
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
    """Delete the files of uploads that were imported a while ago or are a day old, and what a kill or a full disk left behind."""
    old = db.read(_old_uploads)
    batch = Batch()
    batch.each(_forget, old)
    batch.each(_delete_left_behind, list(_home().glob("*")))
    return batch


def _require_importer(actor: Actor, facility_id: int) -> None:
    if facility_id not in actor.must(Permission.IMPORT_ROSTERS):
        raise NotAllowed


def _home() -> Path:
    return world.current().folder / FOLDER


def _folder(place: str) -> Path:
    return _home() / place


def _store(name: str, chunks: Iterable[bytes]) -> tuple[str, str]:
    """Write a file into a new folder. Returns the folder's name and the file's digest. Raises `Unavailable` when the disk is full.

    It gets its place when it is whole, and only then.
    """
    place = secrets.token_hex(16)
    most = most_mb()
    try:
        home = _home()
        home.mkdir(parents=True, exist_ok=True)
        hashed, size = hashlib.sha256(), 0
        with _unfinished(home) as file:
            for chunk in chunks:
                size += len(chunk)
                if size > most * 1024**2:
                    raise BadFile("{name} is larger than {most} MB.", name=name, most=most)
                hashed.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
            folder = _folder(place)
            folder.mkdir()
            Path(file.name).replace(folder / name)
    except OSError as error:
        raise Unavailable(str(error)) from error
    return place, hashed.hexdigest()


@contextmanager
def _unfinished(home: Path) -> Iterator[IO[bytes]]:
    """A new file in a folder, which is deleted unless it is renamed inside the block."""
    with tempfile.NamedTemporaryFile(dir=home, delete=False) as file:
        try:
            yield file
        finally:
            Path(file.name).unlink(missing_ok=True)


@contextmanager
def _opened(
    upload: RosterUpload, chosen: Mapping[str, str], progress: Progress = imports.no_progress
) -> Iterator[RosterFile]:
    path = _folder(upload.place) / upload.file_name
    if not path.exists():
        raise NotFound("upload")
    key = db.read(_key_of, upload.facility_id)
    columns, words = _parted(chosen)
    statuses = {word: Custody(custody) for word, custody in words.items()}
    choices = Choices(statuses=statuses)
    with imports.open_rosters(path, facility=key, given=columns, choices=choices, progress=progress) as roster:
        yield roster


def _parted(chosen: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What was chosen for an upload, as it is kept: the columns by field, and the meanings by word."""
    columns = {name: text for name, text in chosen.items() if not name.startswith(_WORD)}
    return columns, {name.removeprefix(_WORD): text for name, text in chosen.items() if name.startswith(_WORD)}


def _joined(columns: Mapping[str, str], words: Mapping[str, str]) -> dict[str, str]:
    return {**columns, **{f"{_WORD}{word}": custody for word, custody in words.items() if custody in list(Custody)}}


def _words(plan: RosterPlan, chosen: Mapping[str, str]) -> list[tuple[str, str]]:
    """The words for a status that were explained or must be, each with its meaning or ""."""
    _, known = _parted(chosen)
    unknown = (word for word, _ in plan.reading.words.most_common(_MOST_WORDS) if word not in known)
    return [*known.items(), *((word, "") for word in unknown)]


def _line(person: Person) -> tuple[str, str, str, str, str]:
    name = " ".join(filter(None, (person.first_name, person.middle_name, person.last_name, person.suffix)))
    born = person.birth_date.isoformat() if person.birth_date else str(person.birth_year or "")
    return person.number, name, born, person.housing, person.custody.label


def _add(session: Session, actor: Actor, row: RosterUpload) -> UploadView:
    session.add(row)
    session.flush()
    assert row.id is not None
    _record(session, actor, row, AuditKind.ROSTER_UPLOADED)
    return upload_view(row)


def my_upload(session: Session, actor: Actor, upload_id: int) -> RosterUpload:
    """An upload that is not imported yet. Raises `NotFound`, also for another facility's."""
    row = _of_mine(session, actor, upload_id)
    if row.imported_at:
        raise NotFound("upload")
    return row


def _of_mine(session: Session, actor: Actor, upload_id: int) -> RosterUpload:
    row = session.get(RosterUpload, upload_id)
    if row is None or row.facility_id not in actor.must(Permission.IMPORT_ROSTERS):
        raise NotFound("upload")
    return row


def _begin(session: Session, actor: Actor, upload_id: int) -> RosterUpload:
    """The upload, for somebody who works with it now. Its day begins anew, so that it is not deleted meanwhile."""
    row = my_upload(session, actor, upload_id)
    row.at = clock.now()
    return row


def _keep_given(session: Session, actor: Actor, upload_id: int, given: dict[str, str]) -> None:
    my_upload(session, actor, upload_id).given = given


def _mark_imported(session: Session, actor: Actor, upload_id: int) -> None:
    upload = my_upload(session, actor, upload_id)
    upload.imported_at = clock.now()
    _record(session, actor, upload, AuditKind.ROSTER_IMPORTED)


def record_begun(session: Session, actor: Actor, upload: RosterUpload) -> None:
    """Record that the actor has an upload imported: before it is, so that there is no import without a record."""
    _record(session, actor, upload, AuditKind.ROSTER_IMPORT_BEGUN)


def _record(session: Session, actor: Actor, upload: RosterUpload, kind: AuditKind) -> None:
    record(session, actor, upload.facility_id, kind, subject=f"upload {upload.id}", sha256=upload.digest)


def _key_of(session: Session, facility_id: int) -> str:
    return session.get_one(Facility, facility_id).key


def _is_old() -> Any:
    now = clock.now()
    return (col(RosterUpload.imported_at) < now - _KEPT_AFTER_IMPORT) | (col(RosterUpload.at) < now - _KEPT_FOR)


def _old_uploads(session: Session) -> list[tuple[int, str]]:
    rows = session.exec(select(RosterUpload.id, RosterUpload.place).where(_is_old())).all()
    return [(upload_id or 0, place) for upload_id, place in rows]


def _forget(old: tuple[int, str]) -> bool:
    """Delete an upload and its file, unless somebody works with it again. The file goes last."""
    upload_id, place = old
    if db.write(_delete, upload_id):
        shutil.rmtree(_folder(place), ignore_errors=True)
    return True


def _delete(session: Session, upload_id: int) -> bool:
    return session.exec(delete(RosterUpload).where(col(RosterUpload.id) == upload_id, _is_old())).rowcount > 0


def _is_kept(session: Session, place: str) -> bool:
    return session.exec(select(RosterUpload.id).where(RosterUpload.place == place)).first() is not None


def _delete_left_behind(path: Path) -> bool:
    """Delete an unfinished file, or the folder of a file that no upload has, when it is a day old."""
    try:
        if path.stat().st_mtime >= (clock.now() - _KEPT_FOR).timestamp() or db.read(_is_kept, path.name):
            return False
    except FileNotFoundError:
        # It was finished, or another worker has deleted it.
        return False
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return True
