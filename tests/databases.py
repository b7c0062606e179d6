"""Databases for tests: migrated once, and copied for each. One PostgreSQL serves all tests of a process."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest

from rxconnect import db
from rxconnect.world import DATABASE
from tests import postgres
from tests.worlds import installed

_TEMPLATE = "migrated"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of PostgreSQL's first database, for tests that do the server no harm."""
    with postgres.skipped_without(), postgres.running() as url:
        yield url


@pytest.fixture
def use(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> Iterator[Callable[..., object]]:
    """`use("sqlite")` and `use("postgresql")` make a database without rows the one in use; the second time, the same one.

    It is migrated, unless it is chosen with `is_migrated=False`: then it has no tables either.
    """
    shutil.copy(migrated_file, tmp_path / DATABASE)
    with ExitStack() as stack:

        @cache
        def address(kind: str, is_migrated: bool) -> str:
            if kind == "postgresql":
                server = request.getfixturevalue("postgres_server")
                return stack.enter_context(new_database(server, is_migrated=is_migrated))
            if not is_migrated:
                (tmp_path / DATABASE).unlink()
            return ""

        yield lambda kind, is_migrated=True: stack.enter_context(
            installed(data_dir=tmp_path, database_url=address(kind, is_migrated))
        )


def server_for(kind: str, request: pytest.FixtureRequest) -> str:
    """The address of the server for a kind of database: "" for SQLite, which has none."""
    return request.getfixturevalue("postgres_server") if kind == "postgresql" else ""


@contextmanager
def new_database(server: str, *, is_migrated: bool = True) -> Iterator[str]:
    """The address of a database without rows in the PostgreSQL at `server`. It is dropped after the block."""
    name, template = f"test_{secrets.token_hex(6)}", _template(server) if is_migrated else "template1"
    with psycopg.connect(server, autocommit=True) as connection:
        # A newer PostgreSQL would copy page by page through its log, to spare those who work beside it.
        strategy = "STRATEGY file_copy" if connection.info.server_version >= 150_000 else ""
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} {strategy}")
    try:
        yield _address(server, name)
    finally:
        _run(server, f"DROP DATABASE {name} WITH (FORCE)")


@cache
def migrated_sqlite() -> bytes:
    """The file of a migrated SQLite database without rows."""
    with tempfile.TemporaryDirectory() as folder:
        with installed(data_dir=folder, database_url=""):
            db.upgrade()
        return Path(folder, DATABASE).read_bytes()


def _template(server: str) -> str:
    """The name of a migrated database in this PostgreSQL. To copy it is far quicker than to migrate again."""
    with psycopg.connect(server) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_TEMPLATE]).fetchone()
    if not found:
        _run(server, f"CREATE DATABASE {_TEMPLATE}")
        with (
            tempfile.TemporaryDirectory() as folder,
            installed(data_dir=folder, database_url=_address(server, _TEMPLATE)),
        ):
            db.upgrade()
        # Nobody may be connected to what is copied, not even PostgreSQL itself, which tidies up.
        _run(server, f"ALTER DATABASE {_TEMPLATE} ALLOW_CONNECTIONS false")
    return _TEMPLATE


def _address(server: str, name: str) -> str:
    return f"{server.rpartition('/')[0]}/{name}"


def _run(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
