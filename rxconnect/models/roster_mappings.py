"""How operators said that rosters are to be read, kept for the next night."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class RosterMapping(SQLModel, table=True):
    """The choices for one facility's rosters, or for files of a department with the same columns (`source`)."""

    __tablename__ = "roster_mapping"

    source: str = Field(primary_key=True, max_length=140)
    columns: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    ignored: list[str] = Field(default_factory=list, sa_type=JSON)
    statuses: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    places: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    kept_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
