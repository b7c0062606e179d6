"""Attempts, counted in the database so that all workers share the counts."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from rxconnect.models.types import UtcDateTime


class Attempt(SQLModel, table=True):
    """One rate-limited attempt. `key` is a hash, so neither email nor IP address is stored.

    An attempt whose outcome is not known yet expires at `lapses_at`, which is None for any other attempt.
    """

    __table_args__ = (Index("ix_attempt_key_at", "key", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    lapses_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
