"""drafts that number their changes

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Existing drafts start at version 0, without a last tab."""
    op.add_column("draft", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("draft", sa.Column("tab", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("draft", sa.Column("changes", sa.Integer(), nullable=False, server_default="0"))
