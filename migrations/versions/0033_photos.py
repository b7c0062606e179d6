"""photos of letters, how many a facility takes, and what one costs

Revision ID: 0033
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id")),
        sa.Column("item_id", sa.Integer(), sa.ForeignKey("item.id"), unique=True),
        sa.Column("key", sa.String(length=32), nullable=False, unique=True),
        sa.Column("store", sa.String(length=32), nullable=False),
        sa.Column("upload_key", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("caption", sa.String(length=120), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("account_id", "upload_key"),
        sqlite_autoincrement=True,
    )
    for column in ("draft_id", "message_id", "store", "state", "removed_at"):
        op.create_index(f"ix_photo_{column}", "photo", [column])
    # A facility that was here before takes photos once its administrator says how many: its mail room has to look at them.
    op.execute("ALTER TABLE facility ADD COLUMN most_photos INTEGER NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE facility ADD COLUMN photo_credits INTEGER NOT NULL DEFAULT 1")
