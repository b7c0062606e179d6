"""The audit chain of each facility (`domain.audit_chain`): what staff saw, did and exported."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from rxconnect.models.types import UtcDateTime

_ABOUT_LETTER = text("message_id IS NOT NULL")


class AuditRow(SQLModel, table=True):
    """One act of a member of staff. The database refuses to change or delete it.

    `account_id` and `message_id` are no foreign keys: a row stays as it is, whatever becomes of what it names. `subject`
    names what else the act was about, such as `batch 3`. `details` is JSON, and holds no word of a letter.
    """

    __tablename__ = "audit_row"
    __table_args__ = (
        Index("ix_audit_row_at", "facility_id", "at"),
        Index("ix_audit_row_account", "facility_id", "account_id", "sequence"),
        Index("ix_audit_row_kind", "facility_id", "kind", "sequence"),
        Index(
            "ix_audit_row_message",
            "message_id",
            sqlite_where=_ABOUT_LETTER,
            postgresql_where=_ABOUT_LETTER,
        ),
    )

    facility_id: int = Field(primary_key=True, foreign_key="facility.id")
    sequence: int = Field(primary_key=True, sa_type=BigInteger)
    at: datetime = Field(sa_type=UtcDateTime)
    account_id: int | None = None
    role: str = Field(max_length=20)
    kind: str = Field(max_length=30)
    message_id: int | None = None
    subject: str = Field(default="", max_length=80)
    details: str = ""
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class AuditChain(SQLModel, table=True):
    """The end of a facility's chain. Whoever adds rows locks it, so that facilities do not wait for each other.

    `headed_on` is the day (UTC) on which the last head was kept, or the chain began, and `headed_sequence` that head's.
    """

    __tablename__ = "audit_chain"

    facility_id: int = Field(primary_key=True, foreign_key="facility.id")
    sequence: int = Field(default=0, sa_type=BigInteger)
    hash: str = Field(max_length=64)
    headed_on: date
    headed_sequence: int = Field(default=0, sa_type=BigInteger)


class AuditHead(SQLModel, table=True):
    """The end of a facility's chain when a day (UTC) was over. It is mailed to the auditors. It cannot be changed either."""

    __tablename__ = "audit_head"

    facility_id: int = Field(primary_key=True, foreign_key="facility.id")
    day: date = Field(primary_key=True)
    sequence: int = Field(sa_type=BigInteger)
    hash: str = Field(max_length=64)
