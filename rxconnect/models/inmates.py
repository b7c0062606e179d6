"""Inmates: the rows of the rosters."""

from datetime import date

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class Inmate(SQLModel, table=True):
    """A person on a facility's roster. The `…_key` columns are what search compares with (`search.normalise`)."""

    __table_args__ = (
        UniqueConstraint("facility_id", "number_key"),
        Index("ix_inmate_facility_last", "facility_id", "last_key", "first_key"),
        Index("ix_inmate_facility_first", "facility_id", "first_key"),
    )

    id: int | None = Field(default=None, primary_key=True)
    facility_id: int = Field(foreign_key="facility.id")
    number: str = Field(max_length=24)
    first_name: str = Field(max_length=60)
    middle_name: str = Field(default="", max_length=60)
    last_name: str = Field(max_length=80)
    suffix: str = Field(default="", max_length=8)
    birth_date: date | None = None
    housing: str = Field(default="", max_length=40)
    custody: str = Field(default="held", max_length=10)
    moved_to_id: int | None = Field(default=None, foreign_key="facility.id")
    number_key: str = Field(max_length=24)
    first_key: str = Field(max_length=60)
    last_key: str = Field(max_length=80)

    @property
    def full_name(self) -> str:
        """The name as people say it: `Marcus Delgado-Reyes Jr`."""
        return " ".join(filter(None, (self.first_name, self.middle_name, self.last_name, self.suffix)))
