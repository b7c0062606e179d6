"""staff at several facilities: an account has a kind, and a member of staff a post at each facility

Revision ID: 0014
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = sa.CheckConstraint("kind IN ('family', 'staff', 'kiosk')", name="ck_account_kind")


def upgrade() -> None:
    """Turn the role and facility of each member of staff into a post."""
    op.create_table(
        "staff_post",
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), primary_key=True),
        sa.Column("role", sa.String(length=20), nullable=False),
    )
    op.create_index("ix_staff_post_facility_id", "staff_post", ["facility_id"])
    op.execute(
        "INSERT INTO staff_post (account_id, facility_id, role) SELECT id, facility_id, role FROM account "
        "WHERE role != 'family' AND facility_id IS NOT NULL"
    )
    with op.batch_alter_table("account") as account:
        account.add_column(sa.Column("kind", sa.String(length=10), nullable=False, server_default="staff"))
    op.execute("UPDATE account SET kind = 'family' WHERE role = 'family'")
    with op.batch_alter_table("account", table_args=(KINDS,)) as account:
        account.alter_column("kind", existing_type=sa.String(length=10), server_default=None)
        account.drop_column("role")
        account.drop_column("facility_id")
    if op.get_bind().dialect.name == "postgresql":
        op.create_check_constraint("ck_account_kind", "account", KINDS.sqltext)
