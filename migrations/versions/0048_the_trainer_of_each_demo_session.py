"""the name of a demo session's trainer, for its summary

Revision ID: 0048
Revises: 0047
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sessions of before have none, since the seats of those that have ended are gone."""
    op.add_column("demo_session", sa.Column("trainer", sa.String(length=40), nullable=False, server_default=""))
