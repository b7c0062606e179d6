"""evidence that stays: nothing of it is replaced, or emptied as a whole

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What is unique in a row, by table. For SQLite `rowid` is another name of a number that is the key.
UNIQUE = {
    "journal": ("rowid", "idempotency_key", "reverses"),
    "posting": ("rowid",),
    "message_event": ("rowid",),
    "receipt": ("rowid", "number", "purchase_id"),
}


def upgrade() -> None:
    """The triggers of the first migration see UPDATE and DELETE; these see the other ways to lose a row."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, columns in UNIQUE.items():
        op.execute(forbid_replacing(table, columns) if is_sqlite else forbid_emptying(table))


def forbid_replacing(table: str, columns: tuple[str, ...]) -> str:
    """INSERT OR REPLACE deletes what is in its way, and fires no trigger for that.

    A journal that is there already is ignored and no error, as its writer asks for (INSERT … ON CONFLICT DO NOTHING);
    that holds for any other INSERT, too.
    """
    answer = "IGNORE" if table == "journal" else f"ABORT, '{table} is append-only'"
    is_there = " OR ".join(f"{column} = NEW.{column}" for column in columns)
    return (
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - all of it stands here
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {is_there}) BEGIN SELECT RAISE({answer}); END"
    )


def forbid_emptying(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()"
    )
