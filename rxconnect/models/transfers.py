"""Transfers: the value of a wallet follows a person to another facility."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class Transfer(SQLModel, table=True):
    """`credits` at one facility became `new_credits` of the same value, `cents`, at another one."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    inmate_id: int = Field(foreign_key="inmate.id")
    from_facility_id: int = Field(foreign_key="facility.id")
    to_facility_id: int = Field(foreign_key="facility.id")
    credits: int
    cents: int
    new_credits: int
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
