"""Messages, their items, and the events of their status."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.domain.messages import Lane
from rxconnect.models.types import UtcDateTime

_PRIVILEGED = text("lane = 'privileged'")


class Message(SQLModel, table=True):
    """A message in either direction. `search_text` is its folded subject, body and captions (`domain.text.fold`).

    `status` is derived from its items (`domain.messages.status_of`), and `cost_credits` is the sum of their credits.
    `account_id` is the family's in both directions. `writer_account_id` is the kiosk account of the person who wrote a reply
    on a kiosk; None for letters, and for replies on paper.
    `language` is the one that screening recognised, "" if none. `paid_facility_id` is set for a letter that followed its
    person to another facility: its credits stay with the facility at which it was sent.
    """

    __table_args__ = (
        Index("ix_message_contact_created", "contact_id", "created_at"),
        Index("ix_message_facility_created", "facility_id", "created_at"),
        # Reports count letters in it, without reading the letters themselves.
        Index("ix_message_reported", "facility_id", "lane", "direction", "created_at", "status"),
        Index(
            "ix_message_privileged",
            "facility_id",
            "created_at",
            sqlite_where=_PRIVILEGED,
            postgresql_where=_PRIVILEGED,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    writer_account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    contact_id: int = Field(foreign_key="contact.id")
    facility_id: int = Field(foreign_key="facility.id")
    direction: str = Field(max_length=10)
    lane: str = Field(default=Lane.ORDINARY, max_length=12)
    language: str = Field(default="", max_length=12)
    paid_facility_id: int | None = Field(default=None, foreign_key="facility.id")
    subject: str = Field(default="", max_length=100)
    body: str
    search_text: str = ""
    status: str = Field(max_length=20, index=True)
    cost_credits: int = 0
    # The draft it was written in, so that a second SEND of the draft finds the first message.
    draft_id: int | None = Field(default=None, unique=True)
    terms_version: str = Field(default="", max_length=20)
    terms_accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    # The time when its undecided items expire; None if they never do, or if there is nothing to decide.
    expires_at: datetime | None = Field(default=None, index=True, sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # When it could first be read on a kiosk, and when the person asked for it on paper too.
    on_kiosk_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    print_asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Item(SQLModel, table=True):
    """A part of a message that is decided by itself, with credits of its own. `reason` is why it was rejected.

    An item whose rejection was overturned is delivered without charge: its credits came back when it was rejected. They
    are then its `waived_credits`, and `credits` is 0. `holds` counts how often its credits were held: once, and again after
    each withdrawal that its sender undid.

    A reply credit (`ItemKind.REPLY`) follows the text until that is delivered. Then it stays approved until an answer uses it
    or `valid_until` has passed. `answer_id` is the reply that uses it, or that used it and was not delivered.
    """

    # The ledger's idempotency keys contain item ids, so SQLite must never reuse one.
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    kind: str = Field(max_length=20)
    status: str = Field(max_length=20)
    # Items of a message to the family cost nothing.
    credits: int = 0
    waived_credits: int = 0
    holds: int = 1
    reason: str = Field(default="", max_length=40)
    # The facility's own text of the reason, as it was at the decision; "" for the standard text.
    rule_text: str = Field(default="", max_length=400)
    answer_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    valid_until: datetime | None = Field(default=None, index=True, sa_type=UtcDateTime)


class MessageEvent(SQLModel, table=True):
    """A message reached a status. With `item_id`, only this item reached it.

    `by_role` is the actor's role, and all that families see of the actor; "" is the system. `by_account_id` is None for
    the system, and for all events before migration 0011.
    """

    __tablename__ = "message_event"

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="item.id")
    status: str = Field(max_length=20)
    by_role: str = Field(default="", max_length=20)
    by_account_id: int | None = Field(default=None, foreign_key="account.id")
    note: str = Field(default="", max_length=400)
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class Withdrawal(SQLModel, table=True):
    """The sender withdrew what was undecided of a message: what undoing that restores, in the desk's queue too.

    `status` and `facility_id` are those of the message after it. Once it has gone on, nothing can be undone.
    """

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    status: str = Field(max_length=20)
    facility_id: int = Field(foreign_key="facility.id")
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # As in `QueueEntry`.
    since: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    held_for: str = Field(default="", max_length=20)
    set_aside_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_escalated: bool = False
