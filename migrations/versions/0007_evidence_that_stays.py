"""evidence that stays: nothing of it is replaced, or emptied as a whole

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# The unique columns of each table. In SQLite `rowid` is an alias of an integer primary key.
UNIQUE = {
    "journal": ("rowid", "idempotency_key", "reverses"),
    "posting": ("rowid",),
    "message_event": ("rowid",),
    "receipt": ("rowid", "number", "purchase_id"),
}


def upgrade() -> None:
    """Add triggers against REPLACE and TRUNCATE; those of the first migration cover UPDATE and DELETE."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, columns in UNIQUE.items():
        op.execute(forbid_replacing(table, columns) if is_sqlite else forbid_emptying(table))


def forbid_replacing(table: str, columns: tuple[str, ...]) -> str:
    """A trigger for SQLite, whose INSERT OR REPLACE deletes a conflicting row without firing the DELETE trigger.

    An INSERT of an existing journal is ignored without an error, as its service expects (INSERT … ON CONFLICT DO
    NOTHING). This is so for any other INSERT, too.
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
