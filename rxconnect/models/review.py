"""The review desk: its queue, decisions, appeals, notes, views, and the reviews of contacts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime

_PENDING = text("state = 'pending'")
_CLAIMED = text("claimed_by IS NOT NULL")
_SET_ASIDE = text("set_aside_until IS NOT NULL")


class QueueEntry(SQLModel, table=True):
    """A message that waits at the desk. The row exists as long as the message waits.

    The table is narrow and small, so that a claim rewrites few bytes and the queue stays quick with many waiting. A
    claim (`claimed_by`) holds until `claimed_until`, and no longer than the sign-in in which it was taken.
    """

    __tablename__ = "queue_entry"
    __table_args__ = (
        Index("ix_queue_entry_order", "facility_id", "lane", "queue", "is_escalated", "due_at", "message_id"),
        Index("ix_queue_entry_claimed", "claimed_until", sqlite_where=_CLAIMED, postgresql_where=_CLAIMED),
        Index("ix_queue_entry_set_aside", "set_aside_until", sqlite_where=_SET_ASIDE, postgresql_where=_SET_ASIDE),
    )

    message_id: int = Field(primary_key=True, foreign_key="message.id")
    facility_id: int = Field(foreign_key="facility.id")
    lane: str = Field(max_length=12)
    queue: str = Field(max_length=12)
    since: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    held_for: str = Field(default="", max_length=20)
    language: str = Field(default="", max_length=12)
    claimed_by: int | None = Field(default=None, foreign_key="account.id")
    claimed_sign_in_id: int | None = None
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    set_aside_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_escalated: bool = False
    # It has a decision that is not committed yet.
    is_decided: bool = False


class Decision(SQLModel, table=True):
    """What a reviewer decided about a message, or about the appeal of one. It takes effect when it is committed.

    `queue`, `held_for`, `language`, `waited_seconds` and `is_late` are facts about the wait, for the desk's figures.
    """

    __table_args__ = (
        Index("uq_decision_pending", "message_id", unique=True, sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_decision_due", "commits_at", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_decision_committed", "facility_id", "committed_at"),
        Index("ix_decision_by", "by_account_id", "made_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    facility_id: int = Field(foreign_key="facility.id")
    appeal_id: int | None = Field(default=None, foreign_key="appeal.id")
    outcome: str = Field(max_length=12)
    reason: str = Field(default="", max_length=40)
    state: str = Field(default="pending", max_length=12)
    by_account_id: int = Field(foreign_key="account.id")
    by_role: str = Field(max_length=20)
    made_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    commits_at: datetime = Field(sa_type=UtcDateTime)
    committed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    queue: str = Field(max_length=12)
    held_for: str = Field(default="", max_length=20)
    language: str = Field(default="", max_length=12)
    waited_seconds: int = 0
    is_late: bool = False


class DecisionItem(SQLModel, table=True):
    """What a decision says about one item of the message. `remark` is for the family."""

    __tablename__ = "decision_item"

    decision_id: int = Field(primary_key=True, foreign_key="decision.id")
    item_id: int = Field(primary_key=True, foreign_key="item.id")
    outcome: str = Field(max_length=12)
    reason: str = Field(default="", max_length=40)
    remark: str = Field(default="", max_length=400)


class Appeal(SQLModel, table=True):
    """An appeal against the rejection of a message, or of a part of it: the family's, or the protest of the person in custody.

    Each of the two makes one at most about a message.
    """

    __table_args__ = (UniqueConstraint("message_id", "account_id", name="uq_appeal_message_account"),)

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id")
    account_id: int = Field(foreign_key="account.id")
    facility_id: int = Field(foreign_key="facility.id", index=True)
    text: str = Field(max_length=1000)
    status: str = Field(default="waiting", max_length=12)
    made_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by_role: str = Field(default="", max_length=20)
    answer: str = Field(default="", max_length=400)


class Notice(SQLModel, table=True):
    """Tells the person in custody that a letter to or from them was not delivered, or only a part of it. It quotes nothing."""

    id: int | None = Field(default=None, primary_key=True)
    facility_id: int = Field(foreign_key="facility.id", index=True)
    inmate_id: int = Field(foreign_key="inmate.id")
    message_id: int = Field(foreign_key="message.id", index=True)
    decision_id: int = Field(foreign_key="decision.id", unique=True)
    reason: str = Field(default="", max_length=40)
    # As in `Item`.
    rule_text: str = Field(default="", max_length=400)
    is_partial: bool = False
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    # An appeal overturned the rejection before the notice was printed or read.
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # When the person read it on a kiosk.
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DeskNote(SQLModel, table=True):
    """An internal note of staff about a letter. `kind` is `note`, `set aside` or `escalated`."""

    __tablename__ = "desk_note"

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    kind: str = Field(default="note", max_length=12)
    text: str = Field(default="", max_length=1000)
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class SavedDeskFilter(SQLModel, table=True):
    """A reviewer's filter of the queue (`domain.review.DeskFilter`), under a name."""

    __tablename__ = "desk_filter"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    name: str = Field(max_length=40)
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class StaffView(SQLModel, table=True):
    """A member of staff saw a message."""

    __tablename__ = "staff_view"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    message_id: int = Field(foreign_key="message.id", index=True)
    kind: str = Field(max_length=12)
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class ContactReview(SQLModel, table=True):
    """What a facility's staff decided about letters from an account to a person. Without a row, they are allowed.

    `state` is `waiting`, `accepted` or `blocked`. `reason` is for the family.
    """

    __tablename__ = "contact_review"
    __table_args__ = (Index("ix_contact_review_state", "facility_id", "state", "asked_at"),)

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    inmate_id: int = Field(primary_key=True, foreign_key="inmate.id")
    facility_id: int = Field(primary_key=True, foreign_key="facility.id")
    state: str = Field(max_length=12)
    reason: str = Field(default="", max_length=400)
    asked_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by_account_id: int | None = Field(default=None, foreign_key="account.id")
