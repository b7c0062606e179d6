"""Browsers that show notices, and the notices that wait to be pushed to them."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class PushSubscription(SQLModel, table=True):
    """A browser that shows notices while its sign-in lasts. The keys are the browser's, as base64url."""

    __tablename__ = "push_subscription"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    sign_in_id: int = Field(foreign_key="sign_in.id", ondelete="CASCADE", index=True)
    endpoint: str = Field(unique=True, max_length=1000)
    p256dh: str = Field(max_length=100)
    auth: str = Field(max_length=40)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class Push(SQLModel, table=True):
    """A notice on its way to one browser; deleted once it is there. A worker that sends it holds a lease."""

    id: int | None = Field(default=None, primary_key=True)
    subscription_id: int = Field(foreign_key="push_subscription.id", ondelete="CASCADE", index=True)
    subject: str = Field(max_length=200)
    path: str = Field(max_length=200)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    attempts: int = 0
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
