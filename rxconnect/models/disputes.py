"""Disputes: a buyer's bank has taken the money of a purchase back."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class Dispute(SQLModel, table=True):
    """One dispute, under the processor's id. `cents` is the amount that the bank took."""

    id: str = Field(primary_key=True, max_length=80)
    purchase_id: str = Field(foreign_key="purchase.id", index=True)
    cents: int
    status: str = Field(default="open", max_length=10)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DisputedLot(SQLModel, table=True):
    """The part of a lot that a dispute took: the unused `credits` that it froze, and the `cents` that the bank took."""

    __tablename__ = "disputed_lot"

    dispute_id: str = Field(foreign_key="dispute.id", primary_key=True)
    lot_id: int = Field(foreign_key="lot.id", primary_key=True)
    credits: int
    cents: int
