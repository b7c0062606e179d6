"""Screening: a facility's rules, what they found in letters, who changed them, and the languages that staff read."""

from datetime import datetime

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class ScreeningSetting(SQLModel, table=True):
    """How a facility screens. Without a row, staff read every letter.

    `version` is another random token after each change of what is on, so that every process notices it at the next letter.
    `releases_clean` is whether a letter that no rule holds is released by itself. `ceiling` is the share of false holds, in
    percent, above which a rule needs two administrators. `raised_by` is the administrator who last raised it, and
    `raised_from` what still holds for them, so that they cannot raise it and switch the rule on alone.
    """

    __tablename__ = "screening_setting"

    facility_id: int = Field(primary_key=True, foreign_key="facility.id")
    version: str = Field(default="", max_length=16)
    releases_clean: bool = False
    ceiling: int = 50
    raised_by: int | None = None
    raised_from: int = 50


class ScreeningRule(SQLModel, table=True):
    """A rule. Only its state changes, so that its figures are about what it says.

    `most` is a limit, or the percent of a sample. `asked_by` is the administrator who asked for a second one. The trial's
    figures are those of the last time it was tried.
    """

    __tablename__ = "screening_rule"
    __table_args__ = (Index("ix_screening_rule_facility", "facility_id", "state"),)

    id: int | None = Field(default=None, primary_key=True)
    facility_id: int = Field(foreign_key="facility.id")
    kind: str = Field(max_length=12)
    name: str = Field(max_length=80)
    words: list[str] = Field(default_factory=list, sa_type=JSON)
    pattern: str = Field(default="", max_length=500)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    inmate_id: int | None = Field(default=None, foreign_key="inmate.id")
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    most: int = 0
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", max_length=200)
    is_published: bool = False
    published_text: str = Field(default="", max_length=200)
    state: str = Field(default="off", max_length=12)
    asked_by: int | None = Field(default=None, foreign_key="account.id")
    written_by: int = Field(foreign_key="account.id")
    written_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    trial_letters: int = 0
    trial_held: int = 0
    trial_approved: int = 0
    trial_rejected: int = 0


class ScreeningHit(SQLModel, table=True):
    """What a rule found in a message: the characters from `start` up to `stop` of its `part` (`domain.marks.Hit`)."""

    __tablename__ = "screening_hit"

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    rule_id: int = Field(foreign_key="screening_rule.id", index=True)
    part: str = Field(default="", max_length=8)
    start: int = 0
    stop: int = 0


class ScreeningEvent(SQLModel, table=True):
    """What an administrator did to a facility's rules (`domain.screening.RuleEvent`), or to how it screens."""

    __tablename__ = "screening_event"

    id: int | None = Field(default=None, primary_key=True)
    facility_id: int = Field(foreign_key="facility.id", index=True)
    rule_id: int | None = Field(default=None, foreign_key="screening_rule.id")
    account_id: int = Field(foreign_key="account.id")
    event: str = Field(max_length=40)
    detail: str = Field(default="", max_length=200)
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class StaffLanguage(SQLModel, table=True):
    """A member of staff reads this language, such as `es`."""

    __tablename__ = "staff_language"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    language: str = Field(primary_key=True, max_length=12)
