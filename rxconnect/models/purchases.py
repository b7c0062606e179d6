"""Purchases and their receipts."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class Purchase(SQLModel, table=True):
    """An attempt to buy credits. Cents throughout. `id` is random hex, as it stands in addresses.

    `payment_token` is the processor's token of the chosen card, `cvc_token` its token for a re-entered CVV:
    both opaque, the second erased once used. `lease_until` says until when one process is busy charging.
    """

    __table_args__ = (CheckConstraint("credits > 0 AND price_cents > 0", name="ck_purchase_positive"),)

    id: str = Field(primary_key=True, max_length=32)
    account_id: int = Field(foreign_key="account.id", index=True)
    facility_id: int = Field(foreign_key="facility.id")
    credits: int
    price_cents: int
    status: str = Field(default="draft", max_length=12, index=True)
    card_id: int | None = Field(default=None, foreign_key="card.id")
    payment_token: str = Field(default="", max_length=80)
    cvc_token: str = Field(default="", max_length=80)
    card_brand: str = Field(default="", max_length=20)
    card_last_four: str = Field(default="", max_length=4)
    saves_card: bool = False
    attempt: int = 0
    intent_id: str = Field(default="", max_length=80)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failure: str = Field(default="", max_length=30)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    paid_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Receipt(SQLModel, table=True):
    """Proof of a paid purchase. Every line is copied at payment, so that it never changes. `total_cents` in cents."""

    number: str = Field(primary_key=True, max_length=20)
    purchase_id: str = Field(foreign_key="purchase.id", unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    facility_id: int = Field(foreign_key="facility.id")
    issued_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    buyer: str = Field(max_length=80)
    facility: str = Field(max_length=160)
    facility_place: str = Field(max_length=120)
    time_zone: str = Field(max_length=40)
    credits: int
    price_cents: int
    total_cents: int
    card_brand: str = Field(max_length=20)
    card_last_four: str = Field(max_length=4)
