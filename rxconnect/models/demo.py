"""Demo sessions: rooms of people, each around a world of its own. Only the installation's own database has such rows."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock, demo
from rxconnect.models.types import UtcDateTime

_OPEN = text("ended_at IS NULL")


class DemoSession(SQLModel, table=True):
    """A session. When it has ended, its seats are gone and the rest is kept for a day, for the summary."""

    __tablename__ = "demo_session"
    # A code can be used again when its session has ended. SQLite must never reuse an id: open pages listen to it.
    __table_args__ = (
        Index("uq_demo_session_code", "code", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=20)
    world: str = Field(max_length=40, index=True)
    # The scenario's whole file: another worker, or another release, may not have the same.
    scenario: str
    language: str = Field(default="", max_length=20)
    # A keyed hash of the account or the address that started it, of which each may have so many open.
    starter: str = Field(max_length=64, index=True)
    # The one seat that drives. It is no foreign key, since a seat points to its session.
    driver_id: int | None = None
    allows_guests: bool = False
    is_locked: bool = False
    is_paused: bool = False
    # How many people have joined, the trainer included.
    joined: int = 1
    started_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class DemoSeat(SQLModel, table=True):
    """A browser in a session. Its cookie's token is kept as a keyed hash only."""

    __tablename__ = "demo_seat"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="demo_session.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    name: str = Field(max_length=demo.NAME_MAX)
    kind: str = Field(max_length=10)
    is_trainer: bool = False
    follows: bool = True
    # When it asked for the wheel.
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    joined_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class DemoStep(SQLModel, table=True):
    """A step of a session that is done. Steps are numbered from 1, as the scenario has them."""

    __tablename__ = "demo_step"

    session_id: int = Field(primary_key=True, foreign_key="demo_session.id")
    step: int = Field(primary_key=True)
    done_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class DemoNote(SQLModel, table=True):
    """A question that somebody asked in a session, in the trainer's words."""

    __tablename__ = "demo_note"

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="demo_session.id", index=True)
    step: int = 0
    text: str = Field(max_length=demo.NOTE_MAX)
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
