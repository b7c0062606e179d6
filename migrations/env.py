"""Alembic's environment: the database of the settings, the metadata of `rxconnect.models`."""

from alembic import context
from sqlalchemy import text
from sqlmodel import SQLModel

import rxconnect.models  # noqa: F401 - registers every table
from rxconnect.db import write_engine

# Any number, always the same: it names the lock.
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(20418873)")

with write_engine().connect() as connection:
    # Several servers may start at once: one migrates, the others wait and find nothing left to do. SQLite's writing
    # transaction is such a lock already.
    if connection.dialect.name == "postgresql":
        connection.execute(ONE_AT_A_TIME)
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
