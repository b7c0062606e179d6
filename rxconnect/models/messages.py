"""Messages, their items, and the events of their status."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class Message(SQLModel, table=True):
    """A message in either direction. `search_text` is its folded subject and body (`domain.text.fold`).

    `status` is derived from its items (`domain.messages.status_of`), and `cost_credits` is the sum of their credits.
    """

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
    # The draft it was written in, so that a second SEND of the draft finds the first message.
    draft_id: int | None = Field(default=None, unique=True)
    terms_version: str = Field(default="", max_length=20)
    terms_accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    # The time when its undecided items expire; None if they never do, or if there is nothing to decide.
    expires_at: datetime | None = Field(default=None, index=True, sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Item(SQLModel, table=True):
    """A part of a message that is decided by itself, with credits of its own. `reason` is why it was rejected."""

    # The ledger's idempotency keys contain item ids, so SQLite must never reuse one.
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    kind: str = Field(max_length=20)
    status: str = Field(max_length=20)
    # Items of a message to the family cost nothing.
    credits: int = 0
    reason: str = Field(default="", max_length=40)


class MessageEvent(SQLModel, table=True):
    """A message reached a status. With `item_id`, only this item reached it.

    `by_role` is the actor's role, and all that families see of the actor; "" is the system. `by_account_id` is None for
    the system, and for all events before migration 0011.
    """

    __tablename__ = "message_event"

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="item.id")
    status: str = Field(max_length=20)
    by_role: str = Field(default="", max_length=20)
    by_account_id: int | None = Field(default=None, foreign_key="account.id")
    note: str = Field(default="", max_length=400)
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
