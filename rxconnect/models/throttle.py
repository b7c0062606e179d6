"""Counted attempts, kept in the database so that every worker counts the same."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from rxconnect.models.types import UtcDateTime


class Attempt(SQLModel, table=True):
    """One attempt at something throttled. `key` is a hash: neither email nor address is kept.

    An attempt that was counted before its outcome is known lapses at `lapses_at`, unless it turns out to be a wrong one.
    """

    __table_args__ = (Index("ix_attempt_key_at", "key", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    lapses_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
