"""Files that were taken from a folder, and the rosters of them that are stored already."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class TakenFile(SQLModel, table=True):
    """A delivery of a roster. `facility` is the key for which the folder was named, or "" for files of many.

    The same content may come again on another day: that is another delivery. `ended_at` is None while it is imported,
    or after a crash until it is resumed.
    """

    __table_args__ = (UniqueConstraint("facility", "sha256", "delivery"),)

    id: int | None = Field(default=None, primary_key=True)
    facility: str = Field(max_length=120)
    sha256: str = Field(max_length=64)
    delivery: int = 1
    name: str = Field(max_length=255)
    size: int = Field(sa_type=BigInteger)
    modified_ns: int = Field(sa_type=BigInteger)
    taken_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_refused: bool = False
    report: str = ""


class TakenRoster(SQLModel, table=True):
    """A facility's roster that was stored from a file, in the same transaction. So it is never stored twice.

    `plan` is the report about all rosters of one transaction, kept with the first of them.
    """

    file_id: int = Field(foreign_key="takenfile.id", primary_key=True)
    facility: str = Field(max_length=120, primary_key=True)
    plan: dict[str, Any] | None = Field(default=None, sa_type=JSON)
