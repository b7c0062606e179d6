"""imports of uploaded rosters that a job carries out, and how far each is

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was asked for before."""
    op.add_column("roster_upload", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("roster_upload", sa.Column("asked_by_account_id", sa.Integer(), nullable=True))
    op.add_column("roster_upload", sa.Column("is_accepted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("roster_upload", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("roster_upload", sa.Column("share", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("roster_upload", sa.Column("rows", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("roster_upload", sa.Column("refusal", sa.String(length=600), nullable=False, server_default=""))
