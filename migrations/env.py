"""Alembic's environment: the database of the settings, the metadata of `rxconnect.models`."""

from alembic import context
from sqlmodel import SQLModel

import rxconnect.models  # noqa: F401 - registers every table
from rxconnect.db import write_engine

with write_engine().connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
