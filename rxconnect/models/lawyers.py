"""Lawyers that facilities have verified, and the opening of one privileged letter by two administrators."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime

_WAITING = text("state = 'waiting'")
_VERIFIED = text("state = 'verified'")


class Lawyer(SQLModel, table=True):
    """An account's request to be verified as a lawyer at a facility, and what became of it.

    A row is never used again: a later request is another row. While a verification holds (`state` is `verified`, and
    `ends_at` is to come), the account's new letters there are privileged.
    """

    __table_args__ = (
        Index(
            "uq_lawyer_waiting",
            "account_id",
            "facility_id",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(
            "uq_lawyer_verified",
            "account_id",
            "facility_id",
            unique=True,
            sqlite_where=_VERIFIED,
            postgresql_where=_VERIFIED,
        ),
        Index("ix_lawyer_facility", "facility_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    facility_id: int = Field(foreign_key="facility.id")
    name: str = Field(max_length=80)
    bar_number: str = Field(max_length=30)
    bar_state: str = Field(max_length=2)
    state: str = Field(max_length=12)
    asked_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by_account_id: int | None = Field(default=None, foreign_key="account.id")
    # For the lawyer, who was refused, or whose verification was ended early.
    reason: str = Field(default="", max_length=400)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by_account_id: int | None = Field(default=None, foreign_key="account.id")


class BreakGlass(SQLModel, table=True):
    """One administrator asks to read one privileged letter, and another one agrees, or declines."""

    __tablename__ = "break_glass"

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    facility_id: int = Field(foreign_key="facility.id", index=True)
    asked_by_account_id: int = Field(foreign_key="account.id")
    asked_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    reason: str = Field(max_length=400)
    state: str = Field(max_length=12)
    answered_by_account_id: int | None = Field(default=None, foreign_key="account.id")
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # The asker may read the letter until then.
    open_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
