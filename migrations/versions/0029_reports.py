"""an index in which reports count letters, and reports that are printed in the background

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_WAITING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Create them."""
    op.create_index("ix_message_reported", "message", ["facility_id", "lane", "direction", "created_at", "status"])
    op.create_table(
        "report_print",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("by_account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("period", sa.String(length=24), nullable=False),
        sa.Column("head", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("pdf", sa.LargeBinary()),
    )
    op.create_index("ix_report_print_waiting", "report_print", ["id"], sqlite_where=_WAITING, postgresql_where=_WAITING)
    op.create_index("ix_report_print_facility", "report_print", ["facility_id", "id"])
