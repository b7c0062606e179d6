"""refusals of uploaded rosters as facts, which each reader reads in their language

Revision ID: 0049
Revises: 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The sentences so far are of the last day, and the page that shows one reads its file again. So they are dropped."""
    op.drop_column("roster_upload", "refusal")
    op.add_column("roster_upload", sa.Column("refusal", sa.JSON(), nullable=True))
