"""contacts that a family has marked as favourites

Revision ID: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has a favourite yet."""
    op.add_column("contact", sa.Column("favourite_at", sa.DateTime(timezone=True)))
