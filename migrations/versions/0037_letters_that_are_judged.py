"""letters that a room judges: what is judged, who judges, and their answers

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has judged anything yet."""
    op.create_table(
        "demo_judging",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("session_id", sa.Integer(), sa.ForeignKey("demo_session.id"), nullable=False, unique=True),
        sa.Column("letters", sa.String(), nullable=False),
        sa.Column("held_by", sa.JSON(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "demo_judge",
        sa.Column("session_id", sa.Integer(), sa.ForeignKey("demo_session.id"), primary_key=True),
        sa.Column("seat_id", sa.Integer(), primary_key=True),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "demo_answer",
        sa.Column("session_id", sa.Integer(), sa.ForeignKey("demo_session.id"), primary_key=True),
        sa.Column("seat_id", sa.Integer(), primary_key=True),
        sa.Column("letter", sa.Integer(), primary_key=True),
        sa.Column("is_approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
