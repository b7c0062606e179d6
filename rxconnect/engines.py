"""The two engines of each world's database: one for transactions that write, one for those that only read."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from sqlalchemy import Dialect, Engine, event
from sqlalchemy.util import LRUCache
from sqlmodel import create_engine

from rxconnect import postgres_client
from rxconnect.config import settings
from rxconnect.domain.text import fold
from rxconnect.world import PerWorld, World, current

_COMPILED = 1_000
# SQLite itself sorts by code points, so its connections get this function, which `models/sorting.py` uses.
FOLDED = "rxconnect_folded"
# The execution option of a connection whose next commit does not wait for the disk (`db.write_unsynced`).
UNSYNCED = "unsynced"
# The execution option of a connection that may not write, in the world of a demo session.
ONLY_READS = "only_reads"


def _write_engine() -> Engine:
    engine, is_own = _engine(current()), current().is_own
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            only_reads = connection.get_execution_options().get(ONLY_READS, False)
            if is_own:
                _choose_sync(connection)
            else:
                _set(connection, "query_only", "ON" if only_reads else "OFF")
            connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")

    return engine


def _choose_sync(connection: Any) -> None:
    """Make the next commit wait for the disk, unless the connection is `UNSYNCED`."""
    _set(connection, "synchronous", "NORMAL" if connection.get_execution_options().get(UNSYNCED) else "FULL")


def _set(connection: Any, pragma: str, wanted: str) -> None:
    """Set a pragma of a connection to SQLite, if this has not been done before."""
    if connection.info.get(pragma) != wanted:
        connection.exec_driver_sql(f"PRAGMA {pragma}={wanted}")
        connection.info[pragma] = wanted


def _read_engine() -> Engine:
    if not current().is_sqlite:
        # Both engines share one pool, so that one setting limits the connections of a worker.
        return write_engine().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    if not current().is_own:
        # Both engines share one connection, which takes up to 0.8 MB: SQLite keeps the schema and the statements for each.
        return write_engine().execution_options(**{ONLY_READS: True})
    engine = _engine(current())

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # Straight to the driver: SQLAlchemy would take several times as long to prepare it. It cannot fail, since it locks nothing.
        connection.connection.driver_connection.execute("BEGIN")

    @event.listens_for(engine, "connect")
    def _only_reads(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA query_only=ON")

    return engine


# The engine for write transactions. On SQLite each starts with BEGIN IMMEDIATE, so writers queue instead of failing.
write_engine = PerWorld(_write_engine, close=Engine.dispose)
# The engine for read transactions, each with one snapshot. On SQLite they never wait for a writer (WAL).
read_engine = PerWorld(_read_engine, close=Engine.dispose)


def _folded(name: str | None) -> str:
    return fold(name or "")


@cache
def _sqlite_dialect_and_cache() -> tuple[Dialect, LRUCache[Any, Any]]:
    """One dialect for every SQLite file, and one cache of the statements that were compiled for it.

    SQLAlchemy caches a compiled statement by its dialect, in the engine and in the models. If each world had its own
    dialect, it would compile every statement again, and the models' cache would outlive the world.
    """
    engine = create_engine("sqlite://")
    # The first connection lets the dialect detect the features of this SQLite.
    engine.connect().close()
    engine.dispose()
    return engine.dialect, LRUCache(_COMPILED)


def _engine(world: World) -> Engine:
    # Errors are logged, and must not contain the text of messages.
    create = partial(create_engine, world.database, hide_parameters=True, pool_timeout=settings().pool_timeout)
    if not world.is_sqlite:
        options = {"connect_timeout": settings().connect_timeout}
        engine = create(pool_size=settings().pool_size, max_overflow=0, connect_args=options)
        return postgres_client.watched(engine, settings().statement_timeout)
    if world.is_own:
        world.folder.mkdir(parents=True, exist_ok=True)
    options = {"timeout": 30, "check_same_thread": False}
    engine = create(connect_args=options, pool_size=8 if world.is_own else 1, max_overflow=16)
    engine.dialect, compiled = _sqlite_dialect_and_cache()
    engine.update_execution_options(compiled_cache=compiled)
    # A temporary world may be lost in a power failure.
    synchronous = "FULL" if world.is_own else "OFF"

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # We issue BEGIN ourselves: the driver's own would come late and never be IMMEDIATE.
        connection.isolation_level = None
        connection.create_function(FOLDED, 1, _folded, deterministic=True)
        for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "busy_timeout=30000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        if not world.is_own:
            # Pages. Its log would otherwise grow to thrice the size of its database.
            connection.execute("PRAGMA wal_autocheckpoint=200")
            # KB. A connection of each session would otherwise keep its whole database in this process.
            connection.execute("PRAGMA cache_size=-256")

    return engine
