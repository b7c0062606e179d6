"""Messages and the stamped events of their life."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class Message(SQLModel, table=True):
    """A message in either direction. `search_text` is its folded subject and body (`domain.text.fold`)."""

    __table_args__ = (
        Index("ix_message_contact_created", "contact_id", "created_at"),
        Index("ix_message_facility_created", "facility_id", "created_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    contact_id: int = Field(foreign_key="contact.id")
    facility_id: int = Field(foreign_key="facility.id")
    direction: str = Field(max_length=10)
    subject: str = Field(default="", max_length=100)
    body: str
    search_text: str = ""
    status: str = Field(max_length=20, index=True)
    cost_credits: int = 0
    # The draft it was written in: a second SEND of the same draft finds the first message.
    draft_id: int | None = Field(default=None, unique=True)
    terms_version: str = Field(default="", max_length=20)
    terms_accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", max_length=40)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MessageEvent(SQLModel, table=True):
    """A message reached a status. `by_role` says who did it without naming a person; "" is the system."""

    __tablename__ = "message_event"

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    status: str = Field(max_length=20)
    by_role: str = Field(default="", max_length=20)
    note: str = Field(default="", max_length=400)
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
