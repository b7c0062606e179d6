"""Stored cards. There is no column for a number or a CVV, and there never will be."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class Card(SQLModel, table=True):
    """A stored card: the processor's token, and the details by which people recognise the card."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    token: str = Field(unique=True, max_length=80)
    brand: str = Field(max_length=20)
    last_four: str = Field(max_length=4)
    expiry_month: int
    expiry_year: int
    postcode: str = Field(default="", max_length=10)
    is_default: bool = False
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
