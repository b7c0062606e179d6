"""The outbox: an email is stored in the transaction that it reports, and sent after the commit."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class Email(SQLModel, table=True):
    """An email to send. A worker that sends it holds a lease until `lease_until`.

    A notice has its `kind` (`domain.notices.NoticeKind`, or `daily`) and the `account_id` of its reader; an account's link, and an
    email to staff, have neither. `thread` names the conversation that it belongs to, "" if none.
    """

    id: int | None = Field(default=None, primary_key=True)
    to: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    body: str
    kind: str = Field(default="", max_length=12)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    language: str = Field(default="", max_length=20)
    thread: str = Field(default="", max_length=40)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    attempts: int = 0
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str = Field(default="", max_length=300)
