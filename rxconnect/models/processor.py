"""Events received from the card processor, and differences between its books and ours."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class ProcessorEvent(SQLModel, table=True):
    """A processed event, under the processor's id, so that it is processed once."""

    __tablename__ = "processor_event"

    id: str = Field(primary_key=True, max_length=80)
    received_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class Discrepancy(SQLModel, table=True):
    """A difference between the processor's books and ours for staff to look at. `about` is an intent's id."""

    __table_args__ = (UniqueConstraint("kind", "about"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=30)
    about: str = Field(max_length=80)
    facility_id: int | None = Field(default=None, foreign_key="facility.id", index=True)
    our_cents: int
    their_cents: int
    found_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
