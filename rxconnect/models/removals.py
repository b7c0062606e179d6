"""Removals: what undoing them needs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.domain.removals import NAME_MAX
from rxconnect.models.types import UtcDateTime


class Removal(SQLModel, table=True):
    """An account removed something with one press. `facts` is the deleted row, if there was one.

    It is deleted soon after it can no longer be undone, so that what a family threw away is gone.
    """

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    kind: str = Field(max_length=20)
    subject_id: int
    name: str = Field(default="", max_length=NAME_MAX)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
