"""Refunds: money on its way back to the card it came from."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class Refund(SQLModel, table=True):
    """Money of one purchase on its way back. `id` is random hex, and the idempotency key for the processor.

    For a correction of a wrong charge, `credits` is 0 and `lot_id` None. `reason` was written by the member of staff
    `by_account_id`. Refunds from one press of the button share their `press`. The process that pays it holds a lease
    until `lease_until`.
    """

    __table_args__ = (CheckConstraint("cents > 0 AND credits >= 0", name="ck_refund_positive"),)

    id: str = Field(primary_key=True, max_length=32)
    purchase_id: str = Field(foreign_key="purchase.id", index=True)
    lot_id: int | None = Field(default=None, foreign_key="lot.id")
    account_id: int = Field(foreign_key="account.id", index=True)
    facility_id: int = Field(foreign_key="facility.id", index=True)
    credits: int
    cents: int
    intent_id: str = Field(max_length=80)
    cause: str = Field(max_length=20)
    reason: str = Field(default="", max_length=200)
    by_account_id: int | None = Field(default=None, foreign_key="account.id")
    press: str = Field(max_length=40)
    status: str = Field(default="pending", max_length=10, index=True)
    processor_id: str = Field(default="", max_length=80, index=True)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
