"""Print batches: the letters and notices that are handed over on paper."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.domain.messages import Lane
from rxconnect.models.types import UtcDateTime

_WAITING = text("handover = 'waiting'")


class PrintBatch(SQLModel, table=True):
    """Letters and notices of one facility that are printed and handed over together. All are of one lane."""

    __tablename__ = "print_batch"

    id: int | None = Field(default=None, primary_key=True)
    facility_id: int = Field(foreign_key="facility.id", index=True)
    lane: str = Field(default=Lane.ORDINARY, max_length=12)
    made_by_account_id: int = Field(foreign_key="account.id")
    made_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    confirmed_by_account_id: int | None = Field(default=None, foreign_key="account.id")
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PrintPage(SQLModel, table=True):
    """A letter or a notice in a batch, which can be printed again. A letter is in one open batch at most.

    A letter may come into a second batch when an appeal has overturned the rejection of a part.
    """

    __tablename__ = "print_page"
    __table_args__ = (
        Index("uq_print_page_letter", "message_id", unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="print_batch.id", index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id")
    notice_id: int | None = Field(default=None, foreign_key="notice.id", unique=True)
    handover: str = Field(default="waiting", max_length=20)
