"""Takes each new roster from a folder once, for a command that cron runs.

A file is copied first, and everything after that reads the copy: `DATA_DIR/rosters/SHA-256/NAME`. What happened to it is
in the database (`TakenFile`): each roster is marked in the transaction that stores it, and the end of an import in the
one that queues the email. So a killed command is resumed by the next one, without storing or sending anything twice.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.config import settings
from rxconnect.domain import clock
from rxconnect.domain.errors import BadFile, NotFound
from rxconnect.domain.imports import RosterPlan
from rxconnect.models import TakenFile, TakenRoster
from rxconnect.services.imports import imports
from rxconnect.services.notices import emails

Render = Callable[[RosterPlan], str]

# Plans as JSON, in which a resumed import finds what it had done.
_PLANS = TypeAdapter(RosterPlan)

# A file may still grow until its last change is so long ago.
_GROWS = timedelta(minutes=1)
# The same content that was written within this time after it was taken is the same delivery, under whichever name.
_SAME_DELIVERY = timedelta(hours=12)
_UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~")
_CHUNK, _COPY = 1024**2, ".copy-"
_SUBJECT_MAX = 200


class Taken(NamedTuple):
    """What became of a file. `report` is the reason of a refusal, or what an import did."""

    name: str
    report: str
    is_refused: bool
    looks_wrong: bool


class _Found(NamedTuple):
    path: Path
    size: int
    modified_ns: int


def import_folder(
    folder: Path, *, facility: str = "", given: Mapping[str, str] | None = None, render: Render
) -> Iterator[Taken]:
    """Import each new file of a folder, the oldest first, and yield what became of it.

    `facility` and `given` are those of `imports.open_rosters`; `render` makes a text of a report. Raises `BadFile` when
    there is no such folder, or when another process does this now.
    """
    home = settings().data_dir / "rosters"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(home):
        for copy in home.glob(f"{_COPY}*"):
            copy.unlink()  # of a command that was killed
        for found in _finished_files(folder):
            if not db.read(_is_known, facility, found):
                yield from _take(home, found, facility, given or {}, render)
        _write_reports(home)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    with (home / ".lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadFile("Another command takes files from a folder right now; this one did nothing.") from None
        yield


def _finished_files(folder: Path) -> list[_Found]:
    """The files that have stopped growing, the oldest first."""
    if not folder.is_dir():
        raise BadFile("{folder} is not a folder.", folder=str(folder))
    found = []
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name.endswith(_UNFINISHED) or not path.is_file():
            continue
        stat = path.stat()
        # Programs that copy files set the time of modification, but nobody can set the time of change.
        if clock.now() - datetime.fromtimestamp(stat.st_ctime, UTC) >= _GROWS:
            found.append(_Found(path, stat.st_size, stat.st_mtime_ns))
    return sorted(found, key=lambda one: (one.modified_ns, one.path.name))


def _is_known(session: Session, facility: str, found: _Found) -> bool:
    """Whether this file was imported, by name, size and time, so that it need not be read."""
    same = select(TakenFile.id).where(TakenFile.facility == facility, TakenFile.name == found.path.name)
    same = same.where(TakenFile.size == found.size, TakenFile.modified_ns == found.modified_ns)
    return session.exec(same.where(col(TakenFile.ended_at).is_not(None))).first() is not None


def _take(home: Path, found: _Found, facility: str, given: Mapping[str, str], render: Render) -> Iterator[Taken]:
    sha256, kept = _keep_original(home, found.path)
    file_id, refusal = db.write(_claim, facility, sha256, found)
    if file_id is None:
        return
    taken = _refused(kept.name, refusal) if refusal else _import(file_id, kept, facility, given, render)
    db.write(_end, file_id, taken)
    yield taken


def _keep_original(home: Path, path: Path) -> tuple[str, Path]:
    """Copy the file into the folder that is called as its hash. Returns the hash and the copy."""
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=home, prefix=_COPY, delete=False) as copy, path.open("rb") as original:
        while chunk := original.read(_CHUNK):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    folder = home / digest.hexdigest()
    folder.mkdir(mode=0o700, exist_ok=True)
    Path(copy.name).replace(folder / path.name)
    return folder.name, folder / path.name


def _claim(session: Session, facility: str, sha256: str, found: _Found) -> tuple[int | None, str]:
    """The id of the delivery to import, and the reason when it must not be; None for one that has ended."""
    ours = select(TakenFile).where(TakenFile.facility == facility).order_by(col(TakenFile.id).desc())
    same = session.exec(ours.where(TakenFile.sha256 == sha256)).first()
    if same and same.ended_at is None:
        return same.id, ""
    modified = datetime.fromtimestamp(found.modified_ns / 1e9, UTC)
    if same and modified < same.taken_at + _SAME_DELIVERY:
        return None, ""
    newest = session.exec(ours).first()
    file = TakenFile(
        facility=facility,
        sha256=sha256,
        delivery=same.delivery + 1 if same else 1,
        name=found.path.name[:255],
        size=found.size,
        modified_ns=found.modified_ns,
    )
    session.add(file)
    session.flush()
    is_older = same is not None and newest is not None and newest.id != same.id
    return file.id, _older_list(same) if same and is_older else ""


def _older_list(same: TakenFile) -> str:
    return (
        f"The file is byte for byte {same.name} of {same.taken_at:%d %B %Y}, and a newer list was taken since. So nothing was "
        "changed. If it is right, import it with the command import roster."
    )


class _KeptJournal(imports.Journal):
    """The journal of a delivery, in the database."""

    def __init__(self, file_id: int):
        self._file_id = file_id
        kept = db.read(lambda session: session.exec(select(TakenRoster).where(TakenRoster.file_id == file_id)).all())
        self.stored = frozenset(row.facility for row in kept)
        self._plans = [row.plan for row in kept if row.plan is not None]

    def plan(self) -> RosterPlan:
        whole = RosterPlan()
        for plan in self._plans:
            whole.add(_PLANS.validate_python(plan))
        return whole

    def keep(self, session: Session, keys: list[str], plan: RosterPlan) -> None:
        for place, key in enumerate(keys):
            session.add(
                TakenRoster(
                    file_id=self._file_id, facility=key, plan=None if place else _PLANS.dump_python(plan, mode="json")
                )
            )


def _import(file_id: int, kept: Path, facility: str, given: Mapping[str, str], render: Render) -> Taken:
    try:
        with imports.open_rosters(kept, facility=facility, given=given) as roster:
            plan = imports.import_rosters(roster, journal=_KeptJournal(file_id))
    except BadFile as refusal:
        return _refused(kept.name, str(refusal))
    except NotFound:
        return _refused(kept.name, f"There is no facility with the key {facility}.")
    looks_wrong = bool(plan.bad_rows or plan.suspicious)
    return Taken(kept.name, f"{roster.columns}\n{render(plan)}", is_refused=False, looks_wrong=looks_wrong)


def _refused(name: str, reason: str) -> Taken:
    return Taken(name, reason, is_refused=True, looks_wrong=True)


def _end(session: Session, file_id: int, taken: Taken) -> None:
    file = session.get_one(TakenFile, file_id)
    file.ended_at, file.report, file.is_refused = clock.now(), taken.report, taken.is_refused
    if taken.looks_wrong and settings().operator_email:
        where = f" of {file.facility}" if file.facility else ""
        subject = (
            f"The list {taken.name}{where} {'was not imported' if taken.is_refused else 'was imported, but look at it'}"
        )
        emails.queue(session, settings().operator_email, subject[:_SUBJECT_MAX], f"{taken.report}\n\n{_where(file)}\n")


def _where(file: TakenFile) -> str:
    return f"The original is kept in rosters/{file.sha256} of the data directory."


def _write_reports(home: Path) -> None:
    """Write the report of each delivery beside its original, if it is not there yet."""
    for file in db.read(
        lambda session: session.exec(select(TakenFile).where(col(TakenFile.ended_at).is_not(None))).all()
    ):
        report = home / file.sha256 / f"report-{file.facility or 'all'}-{file.delivery}.txt"
        if report.parent.is_dir() and not report.exists():
            unfinished = report.with_suffix(".tmp")
            unfinished.write_text(
                f"{file.name}, {file.taken_at:%Y-%m-%d %H:%M} UTC, SHA-256 {file.sha256}\n{file.report}\n"
            )
            unfinished.replace(report)
