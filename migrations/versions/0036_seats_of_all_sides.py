"""seats of all sides: a reviewer's, an auditor's and a kiosk's beside the administrator's, and everyone may act at their own

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The staff's seats become the administrator's, also in the scenarios of sessions that are open or have a summary."""
    everyone_acts = sa.Column("everyone_acts", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("demo_session", everyone_acts)
    # SQLite must never reuse the id of a seat.
    with op.batch_alter_table("demo_seat", table_kwargs={"sqlite_autoincrement": True}) as seat:
        seat.add_column(sa.Column("followed_id", sa.Integer(), nullable=True))
        seat.alter_column("kind", existing_type=sa.String(length=10), type_=sa.String(length=20))
    op.execute("UPDATE demo_seat SET kind = 'administrator' WHERE kind = 'staff'")
    renamed = sa.text("UPDATE demo_session SET scenario = replace(scenario, :old, :new)")
    op.get_bind().execute(renamed, {"old": "\nstaff =", "new": "\nadministrator ="})
