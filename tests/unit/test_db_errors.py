"""A database that is busy or gone is told by name, whoever asked; a fault in the program stays an error."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from rxconnect import db
from rxconnect.domain.errors import Busy, Unavailable
from tests import postgres
from tests.worlds import disconnect, installed


def ask(statement: str) -> Callable[[Session], object]:
    return lambda session: session.connection().execute(text(statement))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres.skipped_without(), postgres.running() as url:
        yield url


@pytest.fixture
def postgresql(server: str) -> Iterator[str]:
    with installed(database_url=server):
        yield server


@pytest.mark.parametrize("statement", ["SELECT nothing", "SELECT * FROM no_such_table", "NONSENSE"])
def test_a_mistake_of_ours_is_no_outage(database, statement):
    with pytest.raises(DBAPIError):
        db.read(ask(statement))


@pytest.mark.parametrize(
    "statement", ["SELECT nothing", "SELECT 1 / 0", "CREATE TABLE in_a_reading_transaction (id int)"]
)
def test_a_mistake_of_ours_is_no_outage_of_postgresql(postgresql, statement):
    with pytest.raises(DBAPIError):
        db.read(ask(statement))


def test_a_locked_file_is_busy(database):
    with db.write_engine().connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=10")
    with sqlite3.connect(database / "rxconnect.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy):
            db.write(ask("SELECT 1"))
        other.execute("ROLLBACK")


def test_a_folder_that_is_gone_is_an_outage(database, tmp_path):
    disconnect()
    (database / "rxconnect.db").rename(tmp_path / "elsewhere")
    (database / "rxconnect.db").mkdir()
    for use in (db.read, db.write):
        with pytest.raises(Unavailable):
            use(ask("SELECT 1"))


def test_a_statement_that_takes_too_long_is_busy(postgresql):
    for use in (db.read, db.write):
        with pytest.raises(Busy):
            use(lambda session: (ask("SET LOCAL statement_timeout = 10")(session), ask("SELECT pg_sleep(9)")(session)))


def test_a_transaction_that_loses_its_connection_is_an_outage_and_the_next_one_works(postgresql):
    def lose(session: Session) -> None:
        (own,) = session.connection().execute(text("SELECT pg_backend_pid()")).one()
        with psycopg.connect(postgresql) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (own,))
        ask("SELECT 1")(session)

    for use in (db.read, db.write):
        with pytest.raises(Unavailable):
            use(lose)
        assert use(ask("SELECT 1")).scalar_one


def test_a_server_that_is_not_there_is_an_outage():
    with installed(database_url="postgresql://nobody@127.0.0.1:9/nothing"), pytest.raises(Unavailable):
        db.read(ask("SELECT 1"))
