"""Facilities, and the locations that accounts have added to their profile."""

from datetime import datetime

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class Facility(SQLModel, table=True):
    """A jail or prison with its price and rules. `price_cents` is for one credit; `state` is the two-letter code."""

    __table_args__ = (Index("ix_facility_source", "source", "source_id", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=120)
    name: str = Field(max_length=160)
    kind: str = Field(default="", max_length=60)
    address: str = Field(default="", max_length=200)
    city: str = Field(default="", max_length=80)
    state: str = Field(default="", max_length=2)
    zip_code: str = Field(default="", max_length=10)
    county: str = Field(default="", max_length=80)
    time_zone: str = Field(default="America/New_York", max_length=40)
    opening: str = Field(default="listed", max_length=10)
    price_cents: int = 25
    min_credits: int = 5
    max_credits: int = 200
    character_limit: int = 6000
    characters_per_credit: int = 6000
    # The time in which staff promise to decide, the age at which an undecided message expires, and how long a paid
    # reply stays valid.
    promised_hours: int = 48
    expires_after_days: int = 30
    reply_credit_days: int = 60
    rules: list[str] = Field(default_factory=list, sa_type=JSON)
    source: str | None = Field(default=None, max_length=20)
    source_id: str | None = Field(default=None, max_length=40)


class Location(SQLModel, table=True):
    """A facility among an account's "my locations"."""

    __table_args__ = (UniqueConstraint("account_id", "facility_id"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    facility_id: int = Field(foreign_key="facility.id")
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
