"""The walkthrough: each account's step, choices and typed query."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class Walkthrough(SQLModel, table=True):
    """The wizard's data, one row for each account, so that a reload or another device resumes at the same step."""

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    step: str = Field(default="facility", max_length=12)
    # Whether GET STARTED was pressed. A returning user searches without it.
    is_active: bool = False
    facility_id: int | None = Field(default=None, foreign_key="facility.id")
    number: str = Field(default="", max_length=60)
    first_name: str = Field(default="", max_length=120)
    last_name: str = Field(default="", max_length=120)
    # A year of birth or an age, as typed.
    born: str = Field(default="", max_length=40)
    is_everywhere: bool = False
    state: str = Field(default="", max_length=2)
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    purchase_id: str | None = Field(default=None, foreign_key="purchase.id", max_length=32)
    draft_id: int | None = None
    updated_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
