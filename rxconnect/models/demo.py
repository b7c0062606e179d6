"""Demo sessions, each with its own world. Only the installation's own database has such rows."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock, demo
from rxconnect.models.types import UtcDateTime

_OPEN = text("ended_at IS NULL")


class DemoSession(SQLModel, table=True):
    """A session. When it ends, its seats are deleted, and the rest is kept for a day, for the summary."""

    __tablename__ = "demo_session"
    # The code of an ended session can be used again. SQLite must never reuse an id, since open pages listen to it.
    __table_args__ = (
        Index("uq_demo_session_code", "code", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=20)
    world: str = Field(max_length=40, index=True)
    # The whole text of the scenario's file, since another release may have a different one.
    scenario: str
    language: str = Field(default="", max_length=20)
    # A keyed hash of the account or the address that started it. The open sessions of each are limited.
    starter: str = Field(max_length=64, index=True)
    # The seat that drives. This is not a foreign key, since a seat already points to its session.
    driver_id: int | None = None
    allows_guests: bool = False
    is_locked: bool = False
    is_paused: bool = False
    # The number of people who have joined, including the trainer.
    joined: int = 1
    started_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class DemoSeat(SQLModel, table=True):
    """A browser in a session. Only a keyed hash of its cookie's token is stored."""

    __tablename__ = "demo_seat"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="demo_session.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    name: str = Field(max_length=demo.NAME_MAX)
    kind: str = Field(max_length=10)
    is_trainer: bool = False
    follows: bool = True
    # The time when it asked for the wheel.
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    joined_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class DemoStep(SQLModel, table=True):
    """A step of a session that is done. Steps are numbered from 1, in the scenario's order."""

    __tablename__ = "demo_step"

    session_id: int = Field(primary_key=True, foreign_key="demo_session.id")
    step: int = Field(primary_key=True)
    done_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class DemoNote(SQLModel, table=True):
    """A question from the audience of a session, in the trainer's words."""

    __tablename__ = "demo_note"

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="demo_session.id", index=True)
    step: int = 0
    text: str = Field(max_length=demo.NOTE_MAX)
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
