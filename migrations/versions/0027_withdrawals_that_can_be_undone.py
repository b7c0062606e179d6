"""withdrawals that can be undone: what undoing restores, and how often an item's credits were held

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Withdrawals of before stay as they are: their time to undo is over."""
    op.add_column("item", sa.Column("holds", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "withdrawal",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_for", sa.String(length=20), nullable=False),
        sa.Column("set_aside_until", sa.DateTime(timezone=True)),
        sa.Column("is_escalated", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_withdrawal_message_id", "withdrawal", ["message_id"])
