"""choices about notices, the daily email, addresses that emails come back from, and pushes

Revision ID: 0034
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What families chose about emails on deliveries becomes a row of the new choices."""
    op.create_table(
        "notice_choice",
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("kind", sa.String(length=12), primary_key=True),
        sa.Column("pace", sa.String(length=8), nullable=False),
    )
    op.execute(
        "INSERT INTO notice_choice (account_id, kind, pace) "
        "SELECT id, 'delivered', 'now' FROM account WHERE is_told_of_deliveries"
    )
    op.execute("ALTER TABLE account DROP COLUMN is_told_of_deliveries")
    op.create_table(
        "digest_line",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_digest_line_account_id", "digest_line", ["account_id"])
    op.create_index("ix_digest_line_due_at", "digest_line", ["due_at"])
    op.create_table(
        "low_credits_level",
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), primary_key=True),
        sa.Column("level", sa.Integer(), nullable=False),
    )
    op.create_table(
        "dead_address",
        sa.Column("email", sa.String(length=254), primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
    )
    _create_pushes()
    for column, size in (("kind", 12), ("language", 20), ("thread", 40)):
        op.add_column("email", sa.Column(column, sa.String(length=size), nullable=False, server_default=""))
    # Both databases take this as it is, and SQLite need not copy the table.
    op.execute("ALTER TABLE email ADD COLUMN account_id INTEGER REFERENCES account (id)")


def _create_pushes() -> None:
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("sign_in_id", sa.Integer(), sa.ForeignKey("sign_in.id", ondelete="CASCADE"), nullable=False),
        sa.Column("endpoint", sa.String(length=1000), nullable=False, unique=True),
        sa.Column("p256dh", sa.String(length=100), nullable=False),
        sa.Column("auth", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_push_subscription_account_id", "push_subscription", ["account_id"])
    op.create_index("ix_push_subscription_sign_in_id", "push_subscription", ["sign_in_id"])
    op.create_table(
        "push",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "subscription_id", sa.Integer(), sa.ForeignKey("push_subscription.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_push_subscription_id", "push", ["subscription_id"])
