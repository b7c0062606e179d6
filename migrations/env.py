"""Alembic's environment: the database from the settings, the metadata of `rxconnect.models`."""

from alembic import context
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

import rxconnect.models  # noqa: F401 - registers every table
from rxconnect.db import write_engine

# The lock's id: any number, but always the same.
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(20418873)")


def migrate(connection: Connection) -> None:
    # Several servers may start at once: one migrates, the others wait and then have nothing to do. In SQLite the write
    # transaction already is such a lock.
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(ONE_AT_A_TIME)
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=is_sqlite,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
        raise RuntimeError(f"After this migration a row of {broken[0]} would point to nothing, so it was undone.")
    connection.commit()


def switch_foreign_keys(connection: Connection, state: str) -> None:
    """Turn foreign keys on or off in SQLite, which copies a table to change it. Only works outside a transaction."""
    if connection.dialect.name == "sqlite":
        connection.connection.execute(f"PRAGMA foreign_keys={state}")


with write_engine().connect() as connection:
    switch_foreign_keys(connection, "OFF")
    try:
        migrate(connection)
    finally:
        connection.rollback()
        switch_foreign_keys(connection, "ON")
