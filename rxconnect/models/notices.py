"""What accounts choose about notices, what waits for the daily email, and the addresses that emails come back from."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class NoticeChoice(SQLModel, table=True):
    """When an account is told of one kind of notices. Without a row, it is the kind's default."""

    __tablename__ = "notice_choice"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    kind: str = Field(primary_key=True, max_length=12)
    pace: str = Field(max_length=8)


class DigestLine(SQLModel, table=True):
    """A notice that waits for the daily email at `due_at`. The transaction that queues the email deletes it."""

    __tablename__ = "digest_line"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    kind: str = Field(max_length=12)
    subject: str = Field(max_length=200)
    path: str = Field(max_length=200)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)


class LowCreditsLevel(SQLModel, table=True):
    """Below how many credits an account counts its wallet at a facility as low; 0 for never. Without a row: the default."""

    __tablename__ = "low_credits_level"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    facility_id: int = Field(primary_key=True, foreign_key="facility.id")
    level: int


class DeadAddress(SQLModel, table=True):
    """An address that emails come back from, until somebody proves that they read there. `reason` is the server's answer."""

    __tablename__ = "dead_address"

    email: str = Field(primary_key=True, max_length=254)
    since: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    reason: str = Field(default="", max_length=300)
