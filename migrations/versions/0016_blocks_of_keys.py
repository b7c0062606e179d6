"""keys of words in blocks: the table is named after what a row is, since a page is what a browser shows

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rename the table and its column. Only PostgreSQL names the primary key, so only there it is renamed."""
    op.rename_table("name_key_page", "name_key_block")
    op.execute("ALTER TABLE name_key_block RENAME COLUMN page TO block")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX name_key_page_pkey RENAME TO name_key_block_pkey")
