"""Quality: letters that a second reviewer reads again, what is owed to each language, and warm-ups."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime

_WAITING = text("read_by IS NULL")
_JUDGED = text("verdict <> ''")


class SecondReading(SQLModel, table=True):
    """A decision was drawn when it took effect, so another reviewer reads its letter again, without knowing the decision.

    `outcome` and `reason` are the second reader's, "" until `read_at`. Of two readings that disagree, an administrator may
    say which was right (`domain.second_readings.Verdict`).
    """

    __tablename__ = "second_reading"
    __table_args__ = (
        Index("ix_second_reading_waiting", "facility_id", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_second_reading_drawn", "facility_id", "drawn_at"),
        Index("ix_second_reading_judged", "facility_id", "drawn_at", sqlite_where=_JUDGED, postgresql_where=_JUDGED),
    )

    id: int | None = Field(default=None, primary_key=True)
    decision_id: int = Field(foreign_key="decision.id", unique=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    facility_id: int = Field(foreign_key="facility.id")
    drawn_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    claimed_by: int | None = Field(default=None, foreign_key="account.id")
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    read_by: int | None = Field(default=None, foreign_key="account.id")
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str = Field(default="", max_length=12)
    reason: str = Field(default="", max_length=40)
    verdict: str = Field(default="", max_length=8)
    judged_by: int | None = Field(default=None, foreign_key="account.id")
    judged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ReadingDebt(SQLModel, table=True):
    """What is owed to letters in a foreign language, in percent of a letter (`domain.second_readings.is_drawn`)."""

    __tablename__ = "reading_debt"

    facility_id: int = Field(primary_key=True, foreign_key="facility.id")
    language: str = Field(primary_key=True, max_length=12)
    owed: int = 0


class WarmUp(SQLModel, table=True):
    """A reviewer ended a warm-up, or skipped it. `correct` is how many of its invented `letters` they decided right."""

    __tablename__ = "warm_up"
    __table_args__ = (Index("ix_warm_up_account", "account_id", "ended_at"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    facility_id: int = Field(foreign_key="facility.id")
    ended_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    letters: int = 0
    correct: int = 0
    is_skipped: bool = False
