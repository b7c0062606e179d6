"""What a balancer asks: `/health` never depends on anybody else, `/ready` says who is gone, and neither hangs."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests import postgres, processes, redis_server
from tests.worlds import disconnect, installed


def ready(client):
    answer = client.get("/ready")
    found = answer.json()
    assert answer.status_code == (200 if found.pop("status") == "ready" else 503)
    assert "gone" not in found.values() or answer.status_code == 503
    return found


def test_all_is_well(visitor):
    assert visitor().get("/health").json() == {"status": "ok"}
    assert ready(visitor()) == {"database": "ok", "disk": "ok"}


def test_a_broken_database_is_told_and_the_process_lives(visitor, database):
    (database / "rxconnect.db").write_bytes(b"this is no database any more" * 100)
    disconnect()
    assert ready(visitor()) == {"database": "gone", "disk": "ok"}
    assert visitor().get("/health").status_code == 200


def test_a_disk_that_takes_no_file_is_told(visitor, database, setting, tmp_path):
    (tmp_path / "file").touch()
    setting(data_dir=tmp_path / "file" / "data")
    assert ready(visitor())["disk"] == "gone"


def test_redis_is_told_where_it_is_used(visitor, setting):
    client = visitor()
    with redis_server.skipped_without(), redis_server.running() as redis:
        setting(redis_url=redis.url)
        assert ready(client) == {"database": "ok", "redis": "ok", "disk": "ok"}
    assert ready(client) == {"database": "ok", "redis": "gone", "disk": "ok"}


@pytest.fixture
def frozen(visitor):
    """A visitor to a process whose PostgreSQL and Redis are frozen."""
    client = visitor()
    with (
        postgres.skipped_without(),
        postgres.running() as url,
        redis_server.skipped_without(),
        redis_server.running() as redis,
        ExitStack() as stack,
    ):
        stack.enter_context(installed(database_url=url, redis_url=redis.url))
        assert ready(client) == {"database": "ok", "redis": "ok", "disk": "ok"}
        with processes.frozen(processes.server_of(url), processes.server_of(redis.url)):
            yield client


def test_neither_hangs_on_what_is_frozen_however_many_ask(frozen):
    before = threading.active_count()
    with ThreadPoolExecutor(20) as threads:
        found = list(threads.map(lambda _: ready(frozen), range(20)))
    assert found == [{"database": "gone", "redis": "gone", "disk": "ok"}] * 20
    assert frozen.get("/health").status_code == 200
    # One thread for each question at most, and those of this test's own clients.
    assert threading.active_count() <= before + 20 + 3
