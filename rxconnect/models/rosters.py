"""Imports of rosters with what they changed, and uploaded files that wait to be imported."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class RosterImport(SQLModel, table=True):
    """The import of one facility's roster, with its report.

    `changes` says for each changed person what they were before, packed (`services.rosters.roster_undo`). It is kept
    until the facility's next import, and empty after that. `newest_inmate_id` is the highest id of a person before it.
    """

    __tablename__ = "roster_import"
    __table_args__ = (Index("ix_roster_import_facility", "facility_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    facility_id: int = Field(foreign_key="facility.id")
    at: datetime = Field(default_factory=clock.now, index=True, sa_type=UtcDateTime)
    by_account_id: int | None = Field(default=None, foreign_key="account.id")
    file_name: str = Field(default="", max_length=200)
    # The SHA-256 of the file.
    digest: str = Field(default="", max_length=64)
    report: dict[str, Any] = Field(sa_type=JSON)
    newest_inmate_id: int = 0
    changes: bytes = b""
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RosterUpload(SQLModel, table=True):
    """A roster file that staff uploaded for a facility. The file is kept until it is imported, or for a day.

    `at` is when it was uploaded, or when somebody last looked at what it would change. From `asked_at` on a job imports it:
    `share` is how much of the file it has read, in percent, and `rows` the number of rows, once all are read. `tries` counts how
    often it began. `refusal` says why it was not imported (`domain.sentences`).
    """

    __tablename__ = "roster_upload"

    id: int | None = Field(default=None, primary_key=True)
    facility_id: int = Field(foreign_key="facility.id", index=True)
    by_account_id: int = Field(foreign_key="account.id")
    file_name: str = Field(max_length=200)
    # The folder of this upload alone, in which its file is.
    place: str = Field(max_length=64, index=True)
    digest: str = Field(max_length=64)
    # The columns that the member of staff chose, by field, and the meanings of words (`services.imports.uploads`).
    given: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    at: datetime = Field(default_factory=clock.now, index=True, sa_type=UtcDateTime)
    imported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    asked_by_account_id: int | None = None
    # Whether what looks wrong was accepted.
    is_accepted: bool = False
    tries: int = 0
    share: int = 0
    rows: int = 0
    refusal: dict[str, Any] | None = Field(default=None, sa_type=JSON)
