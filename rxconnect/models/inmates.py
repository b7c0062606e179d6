"""Inmates: the people on the rosters, and their earlier facilities."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import SortedText, UtcDateTime


class Inmate(SQLModel, table=True):
    """A person on a facility's roster. A person who moves keeps the row.

    Search has its own index of names (`models.directory`), so every change of a name or a facility goes through
    `search.directory`. `aliases` are other full names on the roster, separated by `;`.
    """

    __table_args__ = (
        UniqueConstraint("number_key", "facility_id"),
        Index("ix_inmate_facility", "facility_id"),
        CheckConstraint("birth_date IS NULL OR birth_year IS NULL", name="ck_inmate_birth"),
    )

    id: int | None = Field(default=None, primary_key=True)
    facility_id: int = Field(foreign_key="facility.id")
    number: str = Field(max_length=24)
    # The number in the form in which numbers are compared (`search.normalise.number_key`).
    number_key: str = Field(max_length=24, sa_type=SortedText)
    first_name: str = Field(max_length=60)
    middle_name: str = Field(default="", max_length=60)
    last_name: str = Field(max_length=80)
    suffix: str = Field(default="", max_length=8)
    aliases: str = Field(default="", max_length=400)
    birth_date: date | None = None
    # Set only when the full date is unknown.
    birth_year: int | None = None
    housing: str = Field(default="", max_length=40)
    custody: str = Field(default="held", max_length=10)

    @property
    def full_name(self) -> str:
        """The name as people say it: `Marcus Delgado-Reyes Jr`."""
        return " ".join(filter(None, (self.first_name, self.middle_name, self.last_name, self.suffix)))


class InmateMove(SQLModel, table=True):
    """A person's move away from this facility. A search there still finds the person, with the new facility."""

    __tablename__ = "inmate_move"

    id: int | None = Field(default=None, primary_key=True)
    inmate_id: int = Field(foreign_key="inmate.id", index=True)
    from_facility_id: int = Field(foreign_key="facility.id", index=True)
    # The number at the old facility. The person may have a different one at the new facility.
    number: str = Field(max_length=24)
    moved_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
