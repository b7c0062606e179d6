"""accounts that speak: the language of each account's emails and documents

Revision ID: 0014
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No account has said yet which language it speaks: its next sign-in tells."""
    op.add_column("account", sa.Column("language", sa.String(length=20), nullable=False, server_default=""))
