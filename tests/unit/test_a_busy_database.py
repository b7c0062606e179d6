"""PostgreSQL frozen, busy or full of connections: nobody waits for ever, and afterwards all is as before."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from sqlalchemy import text

from rxconnect import db, serve
from rxconnect.config import Settings
from rxconnect.domain.errors import Busy, Unavailable
from rxconnect.postgres_client import Connection
from tests import postgres
from tests.processes import frozen, server_of
from tests.unit.test_db_errors import ask
from tests.worlds import installed


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A PostgreSQL of this test's own, since it is hurt."""
    # A test of a command may have run in this process before.
    monkeypatch.setattr(Connection, "is_of_a_command", False)
    with (
        postgres.skipped_without(),
        postgres.running() as url,
        installed(database_url=url, pool_size=2, pool_timeout=0.3, statement_timeout=0.5),
    ):
        yield url


def test_a_frozen_server_is_an_outage_for_each_who_asks_and_works_again_when_it_is_back(server):
    assert db.read(ask("SELECT 1")).all() == [(1,)]
    with frozen(server_of(server)):
        for use in (db.read, db.write, db.read):
            with pytest.raises(Unavailable):
                use(ask("SELECT 1"))
        assert not db.is_responding()
    assert db.write(ask("SELECT 1")).all() == [(1,)]


def test_a_server_that_freezes_in_the_middle_of_a_transaction_is_given_up(server):
    def use(session):
        ask("SELECT 1")(session)
        stack.enter_context(frozen(server_of(server)))
        ask("SELECT 2")(session)

    with ExitStack() as stack, pytest.raises(Unavailable):
        db.write(use)
    assert db.read(ask("SELECT 1")).all() == [(1,)]


def test_a_statement_that_takes_longer_than_the_setting_is_busy(server):
    with pytest.raises(Busy):
        db.read(ask("SELECT pg_sleep(20)"))
    assert db.read(ask("SELECT 1")).all() == [(1,)]


def test_who_finds_no_connection_free_is_told_so(server):
    with ThreadPoolExecutor() as threads, db.reading() as one, db.transaction() as two:
        for session in (one, two):
            session.connection().execute(text("SELECT 1"))
        with pytest.raises(Busy):
            threads.submit(db.read, ask("SELECT 1")).result()
    assert db.read(ask("SELECT 1")).all() == [(1,)]


def test_readers_and_writers_share_as_many_connections_as_are_set(server):
    with db.reading() as one, db.transaction() as two:
        one.connection().execute(text("SELECT 1"))
        count = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        assert two.connection().execute(count).scalar() == 2


def test_more_workers_than_postgresql_has_connections_for_are_refused(server):
    settings = Settings(redis_url="redis://localhost:6379", workers=8)
    serve.check_connections(settings.model_copy(update={"pool_size": 10}))
    with pytest.raises(serve.CannotStart, match=r"may need 99, and PostgreSQL allows 97.*RXCONNECT_POOL_SIZE"):
        serve.check_connections(settings.model_copy(update={"pool_size": 11}))


def test_sqlite_counts_no_connections(database):
    serve.check_connections(Settings(redis_url="redis://localhost:6379", workers=64, pool_size=100))
