"""sign-ins that are seen: their device, when they were last used, when the password was given; tries that lapse

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Existing sign-ins only have their start."""
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.add_column(sa.Column("device", sa.String(length=60), nullable=False, server_default="A browser"))
        sign_in.add_column(sa.Column("device_hash", sa.String(length=64), nullable=False, server_default=""))
        sign_in.add_column(sa.Column("seen_at", MOMENT, nullable=True))
        sign_in.add_column(sa.Column("password_at", MOMENT, nullable=True))
    op.execute("UPDATE sign_in SET seen_at = created_at, password_at = created_at")
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.alter_column("seen_at", existing_type=MOMENT, nullable=False)
        sign_in.alter_column("password_at", existing_type=MOMENT, nullable=False)
    op.create_index("ix_sign_in_device_hash", "sign_in", ["device_hash"])
    op.add_column("attempt", sa.Column("lapses_at", MOMENT, nullable=True))
