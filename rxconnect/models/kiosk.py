"""Kiosks, and the people in custody who may sign in at one."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class KioskDevice(SQLModel, table=True):
    """A shared tablet at a facility. Its code and its cookie are stored as keyed hashes only.

    A code is used up when it is entered, and from then on `token_hash` recognises the tablet. The published code of the
    demonstration (`is_demo`) stays, and makes a row of its own for each browser. `used_at` is when somebody last signed in.
    """

    __tablename__ = "kiosk_device"

    id: int | None = Field(default=None, primary_key=True)
    facility_id: int = Field(foreign_key="facility.id", index=True)
    name: str = Field(max_length=60)
    code_hash: str | None = Field(default=None, unique=True, max_length=64)
    code_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    token_hash: str | None = Field(default=None, unique=True, max_length=64)
    is_demo: bool = False
    made_by_account_id: int | None = Field(default=None, foreign_key="account.id")
    made_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    entered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class KioskPerson(SQLModel, table=True):
    """A person in custody who has a PIN, and the account that they act as. Both are kept when they move or leave.

    While the PIN `is_first`, staff know it: it opens nothing but the form that replaces it.
    """

    __tablename__ = "kiosk_person"

    inmate_id: int = Field(primary_key=True, foreign_key="inmate.id", sa_column_kwargs={"autoincrement": False})
    account_id: int = Field(foreign_key="account.id", unique=True)
    pin_hash: str = Field(max_length=200)
    is_first: bool = True
    set_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
