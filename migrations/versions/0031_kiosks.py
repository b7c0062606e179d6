"""kiosks, and the people in custody who may sign in at one

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kiosk_device",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("code_hash", sa.String(length=64), unique=True),
        sa.Column("code_until", sa.DateTime(timezone=True)),
        sa.Column("token_hash", sa.String(length=64), unique=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("made_by_account_id", sa.Integer(), sa.ForeignKey("account.id")),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True)),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_kiosk_device_facility_id", "kiosk_device", ["facility_id"])
    op.create_table(
        "kiosk_person",
        sa.Column("inmate_id", sa.Integer(), sa.ForeignKey("inmate.id"), primary_key=True, autoincrement=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False, unique=True),
        sa.Column("pin_hash", sa.String(length=200), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute("ALTER TABLE sign_in ADD COLUMN kiosk_device_id INTEGER REFERENCES kiosk_device (id)")
    op.create_index("ix_sign_in_kiosk_device_id", "sign_in", ["kiosk_device_id"])
