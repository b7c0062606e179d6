"""Facilities, changes of their settings, and the locations that accounts have added to their profile."""

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
    # How many photos a letter may have, and the credits for each.
    most_photos: int = 5
    photo_credits: int = 1
    # The time in which staff promise to decide, the age at which an undecided message expires, and how long a paid
    # reply stays valid.
    promised_hours: int = 48
    expires_after_days: int = 30
    reply_credit_days: int = 60
    # The days after which somebody who is missing from the facility's lists counts as released.
    release_after_days: int = 3
    # Whether a new contact waits for staff before its first letter.
    asks_for_contacts: bool = False
    # What happens to waiting letters when their person moves (`domain.facilities.WaitingLetters`).
    when_moved: str = Field(default="give back", max_length=12)
    # How many percent of the decided letters a second reviewer reads again, and at least of those in a foreign language.
    second_reading_share: int = 5
    foreign_reading_share: int = 20
    # Whether a reviewer's shift may begin with a warm-up.
    has_warm_up: bool = False
    # Whether people read their letters on kiosks: an approved letter is then delivered at once, and not printed.
    reads_on_kiosks: bool = False
    # Whether families see when their letters were opened.
    shows_opened: bool = False
    # How many replies a person may send free of charge in each `domain.inside.Period`.
    free_replies: int = 0
    free_replies_per: str = Field(default="week", max_length=8)
    rules: list[str] = Field(default_factory=list, sa_type=JSON)
    # The facility's own texts of the reasons for a rejection, by `domain.messages.Reason`. Others have the standard text.
    reason_texts: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    # The language in which the facility writes its texts, and its own texts in others.
    language: str = Field(default="en", max_length=12)
    translations: dict[str, dict[str, str]] = Field(default_factory=dict, sa_type=JSON)
    source: str | None = Field(default=None, max_length=20)
    source_id: str | None = Field(default=None, max_length=40)


class FacilityChange(SQLModel, table=True):
    """An administrator changed a setting of their facility (`domain.facility_settings`), or took back an import."""

    __tablename__ = "facility_change"

    id: int | None = Field(default=None, primary_key=True)
    facility_id: int = Field(foreign_key="facility.id", index=True)
    by_account_id: int = Field(foreign_key="account.id")
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    what: str = Field(max_length=60)
    before: str = Field(default="", max_length=400)
    after: str = Field(default="", max_length=400)


class Location(SQLModel, table=True):
    """A facility among an account's "my locations"."""

    __table_args__ = (UniqueConstraint("account_id", "facility_id"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    facility_id: int = Field(foreign_key="facility.id")
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
