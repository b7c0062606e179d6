"""Demo sessions, each with its own world. Only the installation's own database has such rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock, demo, judging
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
    # The trainer's name, which stays for the summary when the seat is gone. Sessions of an older version have "".
    trainer: str = Field(default="", max_length=demo.NAME_MAX)
    # A keyed hash of the account or the address that started it. The open sessions of each are limited.
    starter: str = Field(max_length=64, index=True)
    # The seat that drives. This is not a foreign key, since a seat already points to its session.
    driver_id: int | None = None
    allows_guests: bool = False
    is_locked: bool = False
    is_paused: bool = False
    # Whether each seat that may drive acts for itself. Watchers still follow the driver.
    everyone_acts: bool = False
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
    kind: str = Field(max_length=20)
    is_trainer: bool = False
    # The language that it has chosen; "" for the session's.
    language: str = Field(default="", max_length=20)
    follows: bool = True
    # The seat that it has chosen to follow, and not the driver. It may be gone, or follow somebody itself.
    followed_id: int | None = None
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


class DemoRequirement(SQLModel, table=True):
    """A requirement of the audience, such as a line of a tender, and when it was shown.

    `step` is the step that was being shown then, or 0. `remark` is the trainer's, of what was shown.
    """

    __tablename__ = "demo_requirement"

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="demo_session.id", index=True)
    text: str = Field(max_length=demo.REQUIREMENT_MAX)
    shown_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    step: int = 0
    remark: str = Field(default="", max_length=demo.REMARK_MAX)


class DemoKey(SQLModel, table=True):
    """One row: a random text that makes the key of world files this installation's own, whatever its secret is.

    The secret of a demonstration is published, so it alone would prove nothing.
    """

    __tablename__ = "demo_key"

    id: int = Field(default=1, primary_key=True)
    salt: str = Field(max_length=64)


class DemoJudging(SQLModel, table=True):
    """Letters that a room judges together. A session has one at most: another one takes its place."""

    __tablename__ = "demo_judging"
    # An open page still names the judging that it shows, so an id is never used again.
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="demo_session.id", unique=True)
    # The whole text of the letters' file, as of a scenario's.
    letters: str
    # What the rules of the session's world would have held when it began: for each letter, their names.
    held_by: list[list[str]] = Field(default_factory=list, sa_type=JSON)
    begun_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DemoJudge(SQLModel, table=True):
    """Somebody who judges. The row stays when they leave: the seat is no foreign key."""

    __tablename__ = "demo_judge"

    session_id: int = Field(primary_key=True, foreign_key="demo_session.id")
    seat_id: int = Field(primary_key=True)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # Whether the room may see this judge's result with their name.
    shows_name: bool = False


class DemoAnswer(SQLModel, table=True):
    """A judge's decision about a letter, by its number in the file, from 1. `reason` is the key of a rule, or ""."""

    __tablename__ = "demo_answer"

    session_id: int = Field(primary_key=True, foreign_key="demo_session.id")
    seat_id: int = Field(primary_key=True)
    letter: int = Field(primary_key=True)
    is_approved: bool
    reason: str = Field(default="", max_length=judging.RULE_KEY_MAX)
    # How long the letter was on the judge's screen until then.
    seconds: int
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class DemoBreak(SQLModel, table=True):
    """Something that a session's trainer broke, or tried to (`domain.breaking`). `facts` are numbers and words of ours.

    `turn` counts the kills of workers in the whole installation, so that of two at once only one gets the next number.
    """

    __tablename__ = "demo_break"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="demo_session.id", index=True)
    kind: str = Field(max_length=10)
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    turn: int | None = Field(default=None, unique=True)


class DemoReturn(SQLModel, table=True):
    """A seat whose page was open before a worker was killed, and when it was first there again."""

    __tablename__ = "demo_return"

    break_id: int = Field(primary_key=True, foreign_key="demo_break.id")
    seat_id: int = Field(primary_key=True)
    was_there: bool = False
    back_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
