"""Reports that are printed in the background."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime

_WAITING = text("ended_at IS NULL")


class ReportPrint(SQLModel, table=True):
    """A PDF of a report, from the request until it is a day old.

    `period` is as `domain.report_periods` writes it. The head is that of the facility's audit chain at the request, and later
    that of the moment when the figures were counted. Of `parts`, the parts of the period and the printing itself, `done` are
    finished. `pdf` is None while it is made, and for one that could not be made.
    """

    __tablename__ = "report_print"
    __table_args__ = (
        Index("ix_report_print_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_report_print_facility", "facility_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    facility_id: int = Field(foreign_key="facility.id")
    by_account_id: int = Field(foreign_key="account.id")
    period: str = Field(max_length=24)
    head: str = Field(max_length=80)
    asked_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    done: int = 0
    parts: int = 1
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    pdf: bytes | None = Field(default=None, sa_type=LargeBinary)
