"""What the tests about breaking things compare: everything that is not the room's own."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlmodel import select

from rxconnect import db, world
from rxconnect.domain.demo import Seat
from tests.demos import world_now

# The rows that a press may add.
_OF_ROOMS = ("demo_break", "demo_return")


def outside(elsewhere: Seat) -> dict[str, str]:
    """The content of the installation's own database, without the rows about breaks, and that of another session's world."""
    return {"own": _content(world.own().folder), "elsewhere": _content(world_now(elsewhere).folder)}


def room_rows(model: type, seat: Seat) -> list[object]:
    """The rows of the seat's session."""
    with db.reading() as session:
        return list(session.exec(select(model).where(model.session_id == seat.session_id)).all())


def everything_outside(data: Path, room: Seat) -> dict[str, str]:
    """A hash of each table and each other file of a running installation, without what is the room's: its world and its rows."""
    found = {}
    for file in sorted(data.rglob("*")):
        if not file.is_file() or room.world in file.parts or file.suffix in (".log", ".db-wal", ".db-shm"):
            continue
        name = str(file.relative_to(data))
        if file.suffix == ".db":
            found |= {f"{name}, {table}": text for table, text in _tables(file, room.session_id)}
        else:
            found[name] = _hash(file.read_bytes())
    return found


def _tables(file: Path, session_id: int) -> Iterator[tuple[str, str]]:
    with closing(sqlite3.connect(file)) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            # The workers take turns at running the jobs, also without a room. SQLite counts the ids of the room's rows, too.
            if table in ("scheduler_lease", "sqlite_sequence"):
                continue
            is_rooms = _is_of_session(connection, table, session_id)
            rows = connection.execute(f"SELECT * FROM {table} WHERE NOT coalesce({is_rooms}, 0)")
            yield table, _hash("\n".join(sorted(map(repr, rows))).encode())


def _is_of_session(connection: sqlite3.Connection, table: str, session_id: int, below: tuple[str, ...] = ()) -> str:
    """The SQL condition that a row belongs to this demo session, directly or through rows that it points to."""
    if table == "demo_session":
        return f"id = {session_id}"
    conditions = ["0"]
    for _id, _seq, parent, key, target, *_ in connection.execute(f"PRAGMA foreign_key_list({table})").fetchall():
        if parent not in (table, *below):
            is_parents = _is_of_session(connection, parent, session_id, (table, *below))
            if is_parents != "0":
                conditions.append(f"{key} IN (SELECT {target} FROM {parent} WHERE {is_parents})")
    return " OR ".join(conditions[1:] or conditions)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _content(folder: Path) -> str:
    with closing(sqlite3.connect(folder / world.DATABASE)) as connection:
        lines = [line for line in connection.iterdump() if not any(table in line for table in _OF_ROOMS)]
    return _hash("\n".join(lines).encode())
