"""the letter that a draft answers: its writer has it in view on every device

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No draft of before answers a letter."""
    op.add_column("draft", sa.Column("answers_id", sa.Integer(), nullable=True))
