"""Contacts: the tie between an account and an inmate."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class Contact(SQLModel, table=True):
    """An inmate among an account's contacts. A removed contact keeps its row, and so its conversation.

    `favourite_at` is when the account marked it as a favourite, which is shown first.
    `blocked_at` is when the person in custody asked for no more letters from the account.
    """

    __table_args__ = (UniqueConstraint("account_id", "inmate_id"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    inmate_id: int = Field(foreign_key="inmate.id", index=True)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    favourite_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    blocked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
