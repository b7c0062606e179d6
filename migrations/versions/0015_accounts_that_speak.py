"""accounts that speak: the language of each account's emails and documents

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Existing accounts have no language until their next sign-in."""
    op.add_column("account", sa.Column("language", sa.String(length=20), nullable=False, server_default=""))
