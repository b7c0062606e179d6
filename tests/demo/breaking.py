"""What the tests about breaking things compare: everything that is not the room's own."""

from __future__ import annotations

import hashlib
import sqlite3
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


def _content(folder: Path) -> str:
    with closing(sqlite3.connect(folder / world.DATABASE)) as connection:
        lines = [line for line in connection.iterdump() if not any(table in line for table in _OF_ROOMS)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
