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
    """Sheets of the older kind cannot be read any more. The server makes them anew when it starts (`search.directory`)."""
    op.execute("UPDATE roster_sheet SET body = ''")
