"""taken files: the rosters that were taken from a folder

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No file was taken yet."""
    op.create_table(
        "takenfile",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("facility", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("delivery", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("modified_ns", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("is_refused", sa.Boolean(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.UniqueConstraint("facility", "sha256", "delivery"),
    )
    op.create_table(
        "takenroster",
        sa.Column("file_id", sa.Integer(), sa.ForeignKey("takenfile.id"), primary_key=True),
        sa.Column("facility", sa.String(length=120), primary_key=True),
        sa.Column("plan", sa.JSON()),
    )
