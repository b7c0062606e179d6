"""The outbox: an email is stored in the transaction that it reports, and sent after the commit."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class Email(SQLModel, table=True):
    """An email to send. A worker that sends it holds a lease until `lease_until`."""

    id: int | None = Field(default=None, primary_key=True)
    to: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    body: str
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    attempts: int = 0
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str = Field(default="", max_length=300)
