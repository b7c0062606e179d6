"""texts in other languages: the language that a facility writes in, and its own texts in others

Revision ID: 0045
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Facilities of before write in English, and keep nothing in another language."""
    op.add_column("facility", sa.Column("language", sa.String(length=12), nullable=False, server_default="en"))
    op.add_column("facility", sa.Column("translations", sa.JSON(), nullable=False, server_default="{}"))
