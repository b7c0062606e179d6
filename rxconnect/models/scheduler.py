"""The lease of the worker that runs the jobs."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from rxconnect.models.types import UtcDateTime


class SchedulerLease(SQLModel, table=True):
    """One row: the worker `holder` runs the jobs of this database until `lease_until`. The migration inserts it."""

    __tablename__ = "scheduler_lease"

    id: int = Field(default=1, primary_key=True)
    holder: str = Field(default="", max_length=80)
    lease_until: datetime = Field(sa_type=UtcDateTime)
