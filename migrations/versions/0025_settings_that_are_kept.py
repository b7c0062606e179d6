"""settings that are kept: own texts of reasons, who changed what, and an email for each delivery if wanted

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rejections of before keep the standard text of their reason, and nobody gets emails about deliveries yet."""
    op.add_column("facility", sa.Column("reason_texts", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
    op.add_column("item", sa.Column("rule_text", sa.String(length=400), nullable=False, server_default=""))
    op.add_column("notice", sa.Column("rule_text", sa.String(length=400), nullable=False, server_default=""))
    op.add_column(
        "account", sa.Column("is_told_of_deliveries", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "facility_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("by_account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("before", sa.String(length=400), nullable=False),
        sa.Column("after", sa.String(length=400), nullable=False),
    )
    op.create_index("ix_facility_change_facility_id", "facility_change", ["facility_id"])
