"""keys of words on pages

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The server fills the pages when it starts (`search.directory`)."""
    op.drop_table("name_word_key")
    op.create_table(
        "name_key_page",
        sa.Column("page", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("page"),
    )
