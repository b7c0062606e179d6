"""what a trainer broke in front of a room, and whose pages came back

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was broken yet."""
    op.create_table(
        "demo_break",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("session_id", sa.Integer(), sa.ForeignKey("demo_session.id"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("turn", sa.Integer(), unique=True),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_demo_break_session_id", "demo_break", ["session_id"])
    op.create_table(
        "demo_return",
        sa.Column("break_id", sa.Integer(), sa.ForeignKey("demo_break.id"), primary_key=True),
        sa.Column("seat_id", sa.Integer(), primary_key=True),
        sa.Column("was_there", sa.Boolean(), nullable=False),
        sa.Column("back_at", sa.DateTime(timezone=True)),
    )
