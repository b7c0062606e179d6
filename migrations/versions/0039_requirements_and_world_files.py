"""requirements of a demo session's audience, and what makes the key of world files

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Open sessions have no requirements yet."""
    op.create_table(
        "demo_requirement",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("session_id", sa.Integer(), sa.ForeignKey("demo_session.id"), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
    )
    op.create_index("ix_demo_requirement_session_id", "demo_requirement", ["session_id"])
    op.create_table(
        "demo_key",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("salt", sa.String(length=64), nullable=False),
    )
