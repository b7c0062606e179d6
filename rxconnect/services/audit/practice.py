"""A copy of a demonstration's database in which one act of a chain was changed, to try a verification on."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from rxconnect import db, world
from rxconnect.domain.audit import AuditKind

_ACTS = "SELECT rowid FROM audit_row WHERE facility_id = ? AND kind = ? AND details LIKE ?"
# As somebody would who may write to the database: without the trigger, and with nothing computed anew.
_FORGE = "UPDATE audit_row SET details = replace(details, ?, ?) WHERE rowid = ?"


def copy_with_a_forgery(folder: Path, facility_id: int) -> bool:
    """Copy the SQLite database into a new folder, and there turn one rejection of the facility into an approval.

    Which one is left to chance. False if the facility has rejected nothing: then nothing was changed in the copy.
    """
    folder.mkdir(parents=True)
    copy = folder / world.DATABASE
    db.pack_file(world.current().folder / world.DATABASE, copy)
    rejected, approved = '"outcome":"rejected"', '"outcome":"approved"'
    with closing(sqlite3.connect(copy)) as connection:
        found = connection.execute(_ACTS, (facility_id, AuditKind.COMMITTED.value, f"%{rejected}%")).fetchall()
        if found:
            connection.execute("DROP TRIGGER audit_row_no_update")
            connection.execute(_FORGE, (rejected, approved, *secrets.choice(found)))
            connection.commit()
    return bool(found)
