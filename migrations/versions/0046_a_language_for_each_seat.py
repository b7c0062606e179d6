"""a language for each seat of a demo session, which may be another than the session's

Revision ID: 0046
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Seats of before have the session's."""
    op.add_column("demo_seat", sa.Column("language", sa.String(length=20), nullable=False, server_default=""))
