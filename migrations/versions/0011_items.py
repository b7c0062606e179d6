"""items of a message, decided one by one; the account behind each event; messages that end undecided

Revision ID: 0011
Revises: 0010
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Each existing message gets one item, its text, with all its credits.

    The account of existing events is unknown and stays so: they are evidence, and cannot be changed.
    """
    create_items()
    # In plain SQL, as a table that SQLite copies would lose the triggers that protect it.
    op.execute("ALTER TABLE message_event ADD COLUMN item_id INTEGER REFERENCES item (id)")
    op.execute("ALTER TABLE message_event ADD COLUMN by_account_id INTEGER REFERENCES account (id)")
    let_messages_expire()


def create_items() -> None:
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sqlite_autoincrement=True,
    )
    op.execute(
        "INSERT INTO item (message_id, kind, status, credits, reason) "
        "SELECT id, 'text', status, cost_credits, reason FROM message ORDER BY id"
    )
    op.create_index("ix_item_message_id", "item", ["message_id"])
    op.execute("ALTER TABLE message DROP COLUMN reason")


def let_messages_expire() -> None:
    """Waiting messages expire in thirty days, as no family was told of an end. The demonstration's never expire."""
    for name, default in (("promised_hours", "48"), ("expires_after_days", "30"), ("reply_credit_days", "60")):
        op.add_column("facility", sa.Column(name, sa.Integer(), nullable=False, server_default=default))
    op.add_column("message", sa.Column("expires_at", MOMENT, nullable=True))
    op.create_index("ix_message_expires_at", "message", ["expires_at"])
    message = sa.table(
        "message", *map(sa.column, ("account_id", "direction", "status")), sa.column("expires_at", MOMENT)
    )
    account = sa.table("account", sa.column("id"), sa.column("is_demo", sa.Boolean()))
    waits = (message.c.direction == "outgoing") & message.c.status.in_(("submitted", "in review"))
    is_demo = sa.exists().where(account.c.id == message.c.account_id, account.c.is_demo)
    op.execute(sa.update(message).where(waits, ~is_demo).values(expires_at=datetime.now(UTC) + timedelta(days=30)))
