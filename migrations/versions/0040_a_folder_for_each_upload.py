"""a folder for each upload: the deletion of an old one cannot take the file of a new one with it

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Uploads of before stay in the folder that is called as their digest."""
    op.add_column("roster_upload", sa.Column("place", sa.String(length=64), nullable=False, server_default=""))
    op.execute("UPDATE roster_upload SET place = digest")
    op.create_index("ix_roster_upload_place", "roster_upload", ["place"])
    op.drop_index("ix_roster_upload_digest", table_name="roster_upload")
