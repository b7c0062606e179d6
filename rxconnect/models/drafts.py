"""Drafts: messages being written."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.domain.drafts import TAB_MAX
from rxconnect.models.types import UtcDateTime


class Draft(SQLModel, table=True):
    """A message being written. Until it is sent, it may be longer than the facility's limit.

    `account_id` is the family's, or the kiosk account of a person in custody who writes a reply to the contact's family.
    """

    # SQLite must never reuse an id, since a message stores the draft that it came from.
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    # The message that it answers, which its writer has in view.
    answers_id: int | None = None
    subject: str = Field(default="", max_length=1000)
    body: str = ""
    # Whether the sender also pays for the answer.
    pays_for_answer: bool = False
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    # `version` counts changes; `tab` and `changes` identify the last one (`domain.drafts.DraftChange`).
    version: int = 0
    tab: str = Field(default="", max_length=TAB_MAX)
    changes: int = 0
