"""Purchases, the lots of credits that they buy, and their receipts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class Purchase(SQLModel, table=True):
    """An attempt to buy credits. `id` is random hex, and is used in URLs.

    `payment_token` is the processor's token for the chosen card. `cvc_token` is its token for a re-entered CVV, and is
    erased after use. `lease_until` is the end of the lease of the process that is charging, or of the time in which the
    buyer may act at `action_url`, a page of their bank. `refunded_cents` includes refunds that are on their way.
    `auto_reload_id` is set when an auto-reload made the purchase.
    """

    __table_args__ = (
        CheckConstraint("credits > 0 AND price_cents > 0", name="ck_purchase_positive"),
        CheckConstraint("refunded_cents BETWEEN 0 AND credits * price_cents", name="ck_purchase_refunded"),
    )

    id: str = Field(primary_key=True, max_length=32)
    account_id: int = Field(foreign_key="account.id", index=True)
    facility_id: int = Field(foreign_key="facility.id")
    credits: int
    price_cents: int
    status: str = Field(default="draft", max_length=20, index=True)
    card_id: int | None = Field(default=None, foreign_key="card.id")
    payment_token: str = Field(default="", max_length=80)
    cvc_token: str = Field(default="", max_length=80)
    card_brand: str = Field(default="", max_length=20)
    card_last_four: str = Field(default="", max_length=4)
    saves_card: bool = False
    attempt: int = 0
    intent_id: str = Field(default="", max_length=80, index=True)
    action_url: str = Field(default="", max_length=1000)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failure: str = Field(default="", max_length=30)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    paid_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refunded_cents: int = 0
    auto_reload_id: int | None = Field(default=None, foreign_key="auto_reload.id", index=True)


class Lot(SQLModel, table=True):
    """Paid credits in a wallet, and their purchase, to whose card a refund goes.

    `gone_credits` and `gone_cents` were refunded, moved to another facility or disputed. Spent credits are not counted
    here: a wallet's unused credits are those of its newest lots (`services.lots`).
    """

    __table_args__ = (
        CheckConstraint("credits > 0 AND gone_credits BETWEEN 0 AND credits", name="ck_lot_credits"),
        CheckConstraint("cents >= 0 AND gone_cents BETWEEN 0 AND cents", name="ck_lot_cents"),
        Index("ix_lot_wallet", "account_id", "facility_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    facility_id: int = Field(foreign_key="facility.id")
    purchase_id: str = Field(foreign_key="purchase.id", index=True)
    transfer_id: int | None = Field(default=None, foreign_key="transfer.id")
    credits: int
    cents: int
    gone_credits: int = 0
    gone_cents: int = 0
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class Receipt(SQLModel, table=True):
    """Proof of a paid purchase. Everything is copied at payment and never changes."""

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
