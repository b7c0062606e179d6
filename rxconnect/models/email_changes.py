"""Changes of an account's email address, which both addresses confirm."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class EmailChange(SQLModel, table=True):
    """An account's latest request for another address. Each address got a link of its own, stored as a hash only.

    A new request takes the place of the one before, whose links then end. The account keeps its old address until
    `done_at`. Unless `asks_old`, the old address is told and need not confirm.
    """

    __tablename__ = "email_change"

    account_id: int = Field(primary_key=True, foreign_key="account.id", sa_column_kwargs={"autoincrement": False})
    old_email: str = Field(max_length=254)
    new_email: str = Field(max_length=254)
    old_token_hash: str = Field(unique=True, max_length=64)
    new_token_hash: str = Field(unique=True, max_length=64)
    asks_old: bool = True
    requested_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    old_confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    new_confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
