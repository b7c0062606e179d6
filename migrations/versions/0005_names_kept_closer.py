"""names kept closer in PostgreSQL

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_INDEXES = "SELECT indexname FROM pg_indexes WHERE tablename IN ('inmate', 'inmate_name', 'name_word', 'name_word_key')"


def upgrade() -> None:
    """Replace the primary key by an index in PostgreSQL, which stores an entry per row in both the table and the key.

    A non-unique index stores each pair of words once, with all people who have it. `search.directory` keeps the rows
    unique. Few rows are added to these indexes, so `rxconnect tidy` packs their pages.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    op.drop_constraint("inmate_name_pkey", "inmate_name")
    op.create_index("ix_inmate_name_last", "inmate_name", ["last_id", "first_id"])
    for (index,) in op.get_bind().execute(sa.text(_INDEXES)).all():
        op.execute(f'ALTER INDEX "{index}" SET (fillfactor = 100)')
