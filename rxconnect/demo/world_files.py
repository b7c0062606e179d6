"""World files: a trainer takes the world of a session along as a file, which opens the same world again in a new session.

The file holds the world's databases, photos and uploaded rosters, the scenario and its language, and which steps were done:
nothing of who was in the room, and no sign-in. When a session ends, the file is packed before the world is thrown away, and kept
beside the summary.
"""

from __future__ import annotations

import io
import json
import os
import re
import secrets
import sqlite3
import time
from collections.abc import Collection
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from sqlmodel import Session

from rxconnect import db, i18n, world
from rxconnect.demo import progress, scenarios, sealing
from rxconnect.domain import clock
from rxconnect.domain.demo import MOST_WORLD_FILES, WORLD_FILE_MAX, WORLD_FILE_SUFFIX
from rxconnect.domain.errors import Invalid, NotFound, Unavailable
from rxconnect.domain.problems import Fact, Problem
from rxconnect.domain.toml_files import UnusableFile
from rxconnect.models import DemoSession
from rxconnect.services.imports import uploads
from rxconnect.services.photos import storage
from rxconnect.world import World

_FACTS = "session.json"
_DATABASES = (world.DATABASE, "sandbox.db")
_PHOTO = re.compile(storage.FOLDER + r"/[0-9a-f]{2}/[0-9a-f]{32}-[a-z]{1,10}\.jpg")
_UPLOAD = re.compile(uploads.FOLDER + r"/[0-9a-f]{32}/(?!\.)[\w .()-]{1,80}", re.ASCII)
# What a file may hold: members, and bytes once they are unpacked.
_MOST_MEMBERS, _LARGEST = 2_000, 96 * 1024 * 1024
# Rows by which somebody was recognised in the world. They are known by keyed hashes that fit no other world; even so, no copy
# of them leaves the house.
_OF_BROWSERS = ("push", "push_subscription", "sign_in", "pending_sign_in", "email_link", "attempt", "scheduler_lease")
# Seconds that it takes at most to write a file.
_UNDER_WAY = 60
_PART = ".part"


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a file says of its session. `moment` is the world's own time when it was packed, `schema` the migrations' revision."""

    scenario: str
    language: str
    done: tuple[int, ...]
    moment: str
    schema: str


@dataclass(frozen=True, slots=True)
class TakenWorld:
    """A world file that was proved to be ours. `files` is a ZIP archive."""

    scenario: str
    language: str
    done: frozenset[int]
    moment: datetime
    schema: str
    files: bytes


def pack(room: DemoSession, done: Collection[int]) -> bytes:
    """The file of a session, as its world is now. Opens its own transactions.

    Raises `NotFound` when the world is gone, or too large for a file.
    """
    try:
        of = world.world_of(room.world)
        with of.bound(), world.unfinished_folder() as folder:
            progress.pack_world(packed := folder / "packed")
            _forget_browsers(packed / world.DATABASE)
            facts = _Facts(
                room.scenario,
                room.language,
                tuple(sorted(done)),
                clock.now().isoformat(),
                db.revision_of(packed / world.DATABASE),
            )
            file = sealing.seal(_zipped(packed, facts))
    except (OSError, sqlite3.Error, Unavailable) as error:
        # The session has ended, and the job has just closed the world.
        raise NotFound("world") from error
    if len(file) > WORLD_FILE_MAX:
        raise NotFound("world")
    return file


def keep(room: DemoSession, done: Collection[int]) -> bytes:
    """The file of a session that has ended. It is packed once and kept. Raises `NotFound`, as `pack` does."""
    kept = _kept_file(room.world)
    try:
        return kept.read_bytes()
    except FileNotFoundError:
        file = pack(room, done)
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    part = kept.with_name(f"{kept.name}.{secrets.token_hex(4)}{_PART}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(file)
    part.replace(kept)
    return file


def can_be_taken(room: DemoSession) -> bool:
    """Whether the file of a session that has ended is kept, or can still be packed."""
    return is_kept(room.world) or (world.own().folder / "worlds" / room.world).exists()


def is_kept(name: str) -> bool:
    """Whether the file of the world with this name is kept."""
    return _kept_file(name).exists()


def sweep(of_worlds: Collection[str]) -> None:
    """Remove all kept files but those of these worlds, and of these the oldest, when there are too many."""
    kept: list[tuple[float, Path]] = []
    for file in _folder().glob("*"):
        written = file.stat().st_mtime if file.exists() else 0.0
        is_part = file.name.endswith(_PART) and time.time() - written < _UNDER_WAY
        if file.name.removesuffix(WORLD_FILE_SUFFIX) in of_worlds:
            kept.append((written, file))
        elif not is_part:
            file.unlink(missing_ok=True)
    for _written, file in sorted(kept)[: max(0, len(kept) - MOST_WORLD_FILES)]:
        file.unlink(missing_ok=True)


def read(file: bytes) -> TakenWorld:
    """Check a file that somebody brings. Nothing is written. Opens its own transactions. Raises `Invalid`."""
    content = sealing.unseal(file)
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            _require_known_members(archive.infolist())
            facts = _Facts(**json.loads(archive.read(_FACTS)))
        moment, done = datetime.fromisoformat(facts.moment), frozenset(facts.done)
        scenario = scenarios.parse(facts.scenario)
    except UnusableFile as error:
        raise _refusal(Problem.SCENARIO_UNREADABLE(line=error.line, reason=error.sentence)) from None
    except (BadZipFile, ValueError, TypeError, KeyError):
        # We have sealed it all the same, with another version.
        raise _refusal(Problem.WORLD_FILE_UNKNOWN()) from None
    if not db.knows_revision(facts.schema):
        raise _refusal(Problem.WORLD_FILE_TOO_NEW())
    language = facts.language if facts.language in i18n.available_languages() else i18n.ENGLISH
    done &= set(progress.numbers(scenario))
    return TakenWorld(facts.scenario, language, done, moment, facts.schema, content)


def open_world(taken: TakenWorld) -> World:
    """Open a new world that is as it was when it was packed. Its clock goes on from that moment."""
    with world.unfinished_folder() as folder:
        (unpacked := folder / "unpacked").mkdir()
        with ZipFile(io.BytesIO(taken.files)) as archive:
            for member in archive.infolist():
                if member.filename != _FACTS:
                    _unpack(archive, member, unpacked / member.filename)
        if taken.schema != db.newest_revision():
            unpacked = _migrated(unpacked, folder / "migrated")
        made = world.open_copy(unpacked, behind=max(clock.now() - taken.moment, timedelta(0)))
    try:
        with made.bound():
            steps = progress.numbers(scenarios.parse(taken.scenario))
            progress.save_checkpoint({1, *steps} - taken.done)
    except BaseException:
        world.close(made)
        raise
    return made


def facts_for_file(session: Session, session_id: int) -> tuple[DemoSession, set[int]]:
    """What `pack` and `keep` need of a session. Raises `NotFound`."""
    room = session.get(DemoSession, session_id)
    if room is None:
        raise NotFound("session")
    return room, progress.steps_done(session, session_id)


def _zipped(packed: Path, facts: _Facts) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr(_FACTS, json.dumps(asdict(facts)))
        for member in sorted(packed.rglob("*")):
            # A photo or an upload may be half written.
            if _is_known(name := member.relative_to(packed).as_posix()):
                archive.write(member, name)
    return file.getvalue()


def _forget_browsers(database: Path) -> None:
    """Delete whatever recognised a browser in a packed world, and overwrite it."""
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript("PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;")
        for table in _OF_BROWSERS:
            connection.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of ours
        connection.execute("UPDATE kiosk_device SET token_hash = NULL")
        connection.commit()


def _require_known_members(members: list[ZipInfo]) -> None:
    """Raise `BadZipFile` for a member that we never pack, for too many, and for what would fill the disk."""
    names = [member.filename for member in members]
    is_right = len(names) <= _MOST_MEMBERS and len(set(names)) == len(names) and {_FACTS, *_DATABASES[:1]} <= set(names)
    if not is_right or not all(name == _FACTS or _is_known(name) for name in names):
        raise BadZipFile("members")
    if sum(member.file_size for member in members) > _LARGEST:
        raise BadZipFile("size")


def _is_known(name: str) -> bool:
    return name in _DATABASES or any(kind.fullmatch(name) for kind in (_PHOTO, _UPLOAD))


def _unpack(archive: ZipFile, member: ZipInfo, into: Path) -> None:
    """Write one member. `read` never gives more bytes than the checked size."""
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_bytes(archive.read(member))


def _migrated(unpacked: Path, into: Path) -> Path:
    """The same world at the newest migration."""
    older = World("older", f"sqlite:///{unpacked / world.DATABASE}", unpacked)
    with older.bound():
        db.upgrade()
        progress.pack_world(into)
    older.end()
    return into


def _refusal(problem: Fact) -> Invalid:
    return Invalid(world_file=problem)


def _folder() -> Path:
    return world.own().folder / "world-files"


def _kept_file(name: str) -> Path:
    return _folder() / f"{name}{WORLD_FILE_SUFFIX}"
