"""a year of birth to search by: the walkthrough keeps it with the rest of the typed search

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Searches typed before have no year of birth."""
    op.add_column("walkthrough", sa.Column("born", sa.String(length=40), nullable=False, server_default=""))
