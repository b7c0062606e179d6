"""Inmates: the people on the rosters, their earlier facilities, absences from a list, and changes of their number."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
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
    # Empty for somebody who has only one name, which is the last one.
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
    def called(self) -> str:
        """The name in a sentence: the first name, or the only one."""
        return self.first_name or self.last_name

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


class InmateAbsence(SQLModel, table=True):
    """A person is not on their facility's list any more, or came back to it (`returned_at`).

    Until `due_at`, and until at least two lists lack them, they are still held and can be written to. `released_at` is
    when they began to count as released: then, or at once when a list said so. `names` are the first and last name in
    the form in which names are compared, to find the person under another number. Rows are kept for thirty days.
    """

    __tablename__ = "inmate_absence"

    inmate_id: int = Field(primary_key=True, foreign_key="inmate.id", sa_column_kwargs={"autoincrement": False})
    names: str = Field(max_length=160, index=True)
    since: datetime = Field(sa_type=UtcDateTime)
    # How many lists lack the person. A file that is imported again is the same list.
    lists: int = 1
    due_at: datetime = Field(index=True, sa_type=UtcDateTime)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    returned_at: datetime | None = Field(default=None, index=True, sa_type=UtcDateTime)
    # Whether the families were told of a return after a release.
    is_told: bool = False


class InmateMerge(SQLModel, table=True):
    """A person who was gone and somebody new were found to be one person under a new number.

    `before` are the columns that the person had, to split the two again. After that, `other_id` is the new person.
    """

    __tablename__ = "inmate_merge"
    __table_args__ = (Index("ix_inmate_merge_from", "from_facility_id", "from_number_key"),)

    id: int | None = Field(default=None, primary_key=True)
    inmate_id: int = Field(foreign_key="inmate.id", index=True)
    import_id: int | None = Field(default=None, foreign_key="roster_import.id", index=True)
    from_facility_id: int = Field(foreign_key="facility.id")
    from_number: str = Field(max_length=24)
    from_number_key: str = Field(max_length=40)
    to_facility_id: int = Field(foreign_key="facility.id", index=True)
    to_number: str = Field(max_length=24)
    before: dict[str, Any] = Field(sa_type=JSON)
    merged_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    split_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    other_id: int | None = Field(default=None, foreign_key="inmate.id")
