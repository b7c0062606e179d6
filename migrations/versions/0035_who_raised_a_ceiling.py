"""who raised a ceiling: an administrator cannot raise it and alone switch on what it allowed

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No administrator counts as having raised a ceiling of before."""
    op.add_column("screening_setting", sa.Column("raised_by", sa.Integer(), nullable=True))
    op.add_column("screening_setting", sa.Column("raised_from", sa.Integer(), nullable=False, server_default="50"))
