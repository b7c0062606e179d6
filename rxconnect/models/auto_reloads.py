"""Auto-reloads: they buy credits whenever a wallet runs low."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class AutoReload(SQLModel, table=True):
    """Buy `credits` with a stored card when the wallet falls below `level`, for at most `cap_cents` a calendar month.

    `price_cents` is the price that the family agreed to; any other price pauses it. `paused` is the reason why it
    stopped by itself. `purchase_id` is the purchase under way, until the family has been emailed its result.
    """

    __tablename__ = "auto_reload"
    __table_args__ = (
        UniqueConstraint("account_id", "facility_id"),
        CheckConstraint("level > 0 AND credits > 0 AND cap_cents > 0", name="ck_auto_reload_positive"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    facility_id: int = Field(foreign_key="facility.id")
    card_id: int = Field(foreign_key="card.id")
    level: int
    credits: int
    price_cents: int
    cap_cents: int
    is_on: bool = True
    paused: str = Field(default="", max_length=30)
    purchase_id: str = Field(default="", max_length=32)
    changed_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
