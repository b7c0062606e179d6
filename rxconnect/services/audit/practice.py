"""A row of a demonstration's audit that somebody changed in the database itself, to try a verification on.

An operator practises on a copy of the database. A demo session has a world of its own, where the row is put back as well.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rxconnect import db, world
from rxconnect.domain.audit import AuditKind

_REJECTED, _APPROVED = '"outcome":"rejected"', '"outcome":"approved"'
_ACTS = "SELECT sequence, details FROM audit_row WHERE facility_id = ? AND kind = ? AND details LIKE ?"
_DETAILS = "SELECT details FROM audit_row WHERE facility_id = ? AND sequence = ?"
# As somebody would who may write to the database: without the trigger, and with nothing computed anew.
_FORGE = "UPDATE audit_row SET details = ? WHERE facility_id = ? AND sequence = ?"
_TRIGGER = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'audit_row_no_update'"
# Seconds to wait for others who write.
_PATIENCE = 10


@dataclass(frozen=True, slots=True)
class Forgery:
    """A row of a facility's chain whose details were changed: the stored text before, and after."""

    facility_id: int
    sequence: int
    before: str
    after: str


def copy_with_a_forgery(folder: Path, facility_id: int) -> bool:
    """Copy the SQLite database into a new folder, and there turn one rejection of the facility into an approval.

    Which one is left to chance. False if the facility has rejected nothing: then nothing was changed in the copy.
    """
    folder.mkdir(parents=True)
    copy = folder / world.DATABASE
    db.pack_file(world.current().folder / world.DATABASE, copy)
    return _forge_one(copy, facility_id) is not None


def forge_here(facility_id: int) -> Forgery | None:
    """Turn one rejection of the facility into an approval in the current demo session's world. None if there is none."""
    return _forge_one(_database_of_session(), facility_id)


def put_back(forgery: Forgery) -> None:
    """Write the row as it was before, in the current demo session's world."""
    with _forging(_database_of_session()) as connection:
        connection.execute(_FORGE, (forgery.before, forgery.facility_id, forgery.sequence))


def is_forged_here(forgery: Forgery) -> bool:
    """Whether the current demo session's world holds the row as it was changed. A reset may have taken it back."""
    with closing(sqlite3.connect(_database_of_session())) as connection:
        found = connection.execute(_DETAILS, (forgery.facility_id, forgery.sequence)).fetchone()
    return found is not None and found[0] == forgery.after


def _database_of_session() -> Path:
    if world.current().is_own:
        raise ValueError("nobody forges the installation's own audit")
    return world.current().folder / world.DATABASE


def _forge_one(database: Path, facility_id: int) -> Forgery | None:
    with _forging(database) as connection:
        found = connection.execute(_ACTS, (facility_id, AuditKind.COMMITTED.value, f"%{_REJECTED}%")).fetchall()
        if not found:
            return None
        sequence, before = secrets.choice(found)
        after = before.replace(_REJECTED, _APPROVED)
        connection.execute(_FORGE, (after, facility_id, sequence))
    return Forgery(facility_id, sequence, before, after)


@contextmanager
def _forging(database: Path) -> Iterator[sqlite3.Connection]:
    """A transaction in which the rows of the audit can be changed. The trigger is there again at its end."""
    with closing(sqlite3.connect(database, timeout=_PATIENCE, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        (trigger,) = connection.execute(_TRIGGER).fetchone()
        connection.execute("DROP TRIGGER audit_row_no_update")
        yield connection
        connection.execute(trigger)
        connection.execute("COMMIT")
