"""sheets of rosters, packed closer

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty all sheets, as the format has changed. The server rebuilds them when it starts (`search.directory`)."""
    op.execute("UPDATE roster_sheet SET body = ''")
