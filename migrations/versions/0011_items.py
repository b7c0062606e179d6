"""items of a message, decided one by one; the account behind each event

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every message that is there becomes one item, its text, with all its credits.

    Which account was behind the events so far is not known and stays so: they are evidence, and cannot be changed.
    """
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
    )
    op.execute(
        "INSERT INTO item (message_id, kind, status, credits, reason) "
        "SELECT id, 'text', status, cost_credits, reason FROM message ORDER BY id"
    )
    op.create_index("ix_item_message_id", "item", ["message_id"])
    op.execute("ALTER TABLE message DROP COLUMN reason")
    # In plain SQL, since a table that SQLite has to make anew loses the triggers that protect it.
    op.execute("ALTER TABLE message_event ADD COLUMN item_id INTEGER REFERENCES item (id)")
    op.execute("ALTER TABLE message_event ADD COLUMN by_account_id INTEGER REFERENCES account (id)")
