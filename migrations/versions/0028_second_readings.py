"""second readings: a share of decided letters is read again by another reviewer; and warm-ups

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_WAITING = sa.text("read_by IS NULL")
_JUDGED = sa.text("verdict <> ''")
_ACCOUNT = "account.id"


def upgrade() -> None:
    """Letters that were decided before are not drawn."""
    for name, share in (("second_reading_share", "5"), ("foreign_reading_share", "20")):
        op.add_column("facility", sa.Column(name, sa.Integer(), nullable=False, server_default=share))
    op.add_column("facility", sa.Column("has_warm_up", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "second_reading",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("decision_id", sa.Integer(), sa.ForeignKey("decision.id"), nullable=False, unique=True),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=False),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.Integer(), sa.ForeignKey(_ACCOUNT)),
        sa.Column("claimed_until", sa.DateTime(timezone=True)),
        sa.Column("read_by", sa.Integer(), sa.ForeignKey(_ACCOUNT)),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("judged_by", sa.Integer(), sa.ForeignKey(_ACCOUNT)),
        sa.Column("judged_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_second_reading_message_id", "second_reading", ["message_id"])
    op.create_index(
        "ix_second_reading_waiting",
        "second_reading",
        ["facility_id", "id"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_index("ix_second_reading_drawn", "second_reading", ["facility_id", "drawn_at"])
    op.create_index(
        "ix_second_reading_judged",
        "second_reading",
        ["facility_id", "drawn_at"],
        sqlite_where=_JUDGED,
        postgresql_where=_JUDGED,
    )
    op.create_table(
        "reading_debt",
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("owed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "language"),
    )
    op.create_table(
        "warm_up",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey(_ACCOUNT), nullable=False),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.Column("is_skipped", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_warm_up_account", "warm_up", ["account_id", "ended_at"])
