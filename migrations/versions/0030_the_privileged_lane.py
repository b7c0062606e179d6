"""lawyers that a facility has verified, sealed batches of their letters, and the opening of one letter

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lawyer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("bar_number", sa.String(length=30), nullable=False),
        sa.Column("bar_state", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by_account_id", sa.Integer(), sa.ForeignKey("account.id")),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by_account_id", sa.Integer(), sa.ForeignKey("account.id")),
    )
    for state in ("waiting", "verified"):
        only = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_lawyer_{state}",
            "lawyer",
            ["account_id", "facility_id"],
            unique=True,
            sqlite_where=only,
            postgresql_where=only,
        )
    op.create_index("ix_lawyer_facility", "lawyer", ["facility_id", "state"])
    op.create_table(
        "break_glass",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=False),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("asked_by_account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("answered_by_account_id", sa.Integer(), sa.ForeignKey("account.id")),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("open_until", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_break_glass_message_id", "break_glass", ["message_id"])
    op.create_index("ix_break_glass_facility_id", "break_glass", ["facility_id"])
    privileged = sa.text("lane = 'privileged'")
    op.create_index(
        "ix_message_privileged",
        "message",
        ["facility_id", "created_at"],
        sqlite_where=privileged,
        postgresql_where=privileged,
    )
    op.execute("ALTER TABLE print_batch ADD COLUMN lane VARCHAR(12) NOT NULL DEFAULT 'ordinary'")
