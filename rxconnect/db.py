"""Transactions in the current world. One event is one transaction, opened here, at the edge; services never commit."""

from __future__ import annotations

import fcntl
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, Executable, Row, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlmodel import Session, SQLModel

from rxconnect import world
from rxconnect.db_errors import is_retryable, translated
from rxconnect.domain.errors import Busy, RxConnectError, Unavailable
from rxconnect.engines import UNSYNCED, read_engine, write_engine

P = ParamSpec("P")
R = TypeVar("R")

MIGRATIONS = Path(__file__).parent.parent / "migrations"

_TRIES = 6
# Both belong to one world's engine. Another world that is bound inside the block ignores them.
_lock_holder: ContextVar[Engine | None] = ContextVar("lock holder", default=None)
_enclosing: ContextVar[Session | None] = ContextVar("enclosing", default=None)


@contextmanager
def transaction(*, is_synced: bool = True) -> Iterator[Session]:
    """A session in one write transaction: committed at the end of the block, rolled back when it raises.

    If `is_synced` is false, the commit does not wait for the disk (`write_unsynced`). Raises `Busy` and `Unavailable`,
    as `reading` does. Raises `NotDriving`, before it uses the database, if the caller may not write in this world. If the
    caller then only loads a page (`world.is_dry_run`), it is rolled back at the end of the block instead.
    """
    if not world.is_dry_run():
        world.must_write()
    if outer := _enclosing_session():
        with outer.begin_nested():
            yield outer
        return
    with (
        translated(is_writing=True),
        _write_lock(),
        Session(write_engine(), expire_on_commit=False) as session,
        session.begin(),
    ):
        if not is_synced:
            connection = session.connection(execution_options={UNSYNCED: True})
            if connection.dialect.name != "sqlite":
                connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
        yield session
        if world.is_dry_run():
            session.rollback()


@contextmanager
def reading() -> Iterator[Session]:
    """A session in one read transaction, with a consistent snapshot of the database."""
    if outer := _enclosing_session():
        yield outer
        return
    with (
        translated(is_writing=False),
        Session(read_engine(), expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def all_or_nothing() -> Iterator[Session]:
    """One write transaction that includes every `transaction` and `reading` of this thread inside the block.

    It is for loading the demonstration: a load that is killed leaves nothing behind, and it syncs the disk only once.
    Never use it for real payments, since a rollback here does not undo a charge at the processor.
    """
    with transaction() as session:
        token = _enclosing.set(session)
        try:
            yield session
        finally:
            _enclosing.reset(token)


def write(service: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `service(session, …)` in one write transaction, and retry it when the database reports a conflict."""
    return _retrying_write(True, service, *args, **kwargs)


def write_unsynced(service: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Like `write`, but the commit does not wait for the disk: for frequent writes, such as autosaves while typing.

    A crash of our process loses nothing, since the operating system or PostgreSQL has the data. A power failure may
    lose the last such writes, but nothing that `write` wrote before or after.
    """
    return _retrying_write(False, service, *args, **kwargs)


def _retrying_write(
    is_synced: bool, service: Callable[Concatenate[Session, P], R], /, *args: P.args, **kwargs: P.kwargs
) -> R:
    for attempt in range(_TRIES):
        try:
            with transaction(is_synced=is_synced) as session:
                return service(session, *args, **kwargs)
        except Busy as error:
            if not is_retryable(error.__cause__) or attempt == _TRIES - 1:
                raise
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - spreads retries, keeps no secret
    raise AssertionError("unreachable")


def read(service: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `service(session, …)` in one read transaction."""
    with reading() as session:
        return service(session, *args, **kwargs)


def read_row(query: Executable, params: dict[str, Any]) -> Row[Any] | None:
    """The first row of a query, in its own read transaction, without a session, which would take twice as long."""
    if outer := _enclosing_session():
        return outer.connection().execute(query, params).first()
    with translated(is_writing=False), read_engine().connect() as connection:
        return connection.execute(query, params).first()


def add_once(session: Session, row: SQLModel) -> bool:
    """Insert `row` unless a row with its unique values exists. Returns whether it was inserted.

    Unlike a check before the insert, this is safe when two transactions do it at once.
    """
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def is_responding() -> bool:
    """Whether the database responds, and the pool has a free connection."""
    try:
        with reading() as session:
            session.connection().execute(text("SELECT 1"))
    except (RxConnectError, SQLAlchemyError):
        return False
    return True


def allowed_connections() -> int | None:
    """The number of connections that PostgreSQL allows us; None for SQLite, which has no limit."""
    if write_engine().dialect.name == "sqlite":
        return None
    asked = "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
    with reading() as session:
        return session.connection().execute(text(asked)).scalar_one()


def upgrade() -> None:
    """Run the pending migrations. This is cheap when there are none."""
    # Imported here, because Alembic is slow to import, and only the start of a server and the tests need it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")


def template_database() -> Path:
    """A file with an empty database at the newest migration, for `world.open_copy`. It is created once and cached."""
    file = world.own().folder / f"template-{newest_revision()}.db"
    if not file.exists():
        for older in file.parent.glob("template-*.db"):
            older.unlink()
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            made = world.World("template", f"sqlite:///{folder}/{world.DATABASE}", Path(folder))
            with made.bound():
                upgrade()
                write_template(Path(folder, file.name))
            made.end()
            Path(folder, file.name).replace(file)
    return file


def write_template(into: Path) -> None:
    """Write the current world's SQLite database into one file, as a template for `world.open_copy`."""
    pack_file(world.current().folder / world.DATABASE, into)


def pack_file(file: Path, into: Path) -> None:
    """Write the current content of a SQLite database into one file. Other connections can read and write meanwhile."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM INTO ?", (str(into),))
    with closing(sqlite3.connect(into)) as connection:
        # The file stores this mode, so a process that opens a copy need not set it.
        connection.execute("PRAGMA journal_mode=WAL")


@cache
def newest_revision() -> str | None:
    """The newest migration's revision. It is cached, since reading all migrations takes longer than opening a world."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def revision_of(file: Path) -> str:
    """The revision of the migrations that a SQLite database is at."""
    with closing(sqlite3.connect(file)) as connection:
        found: str = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    return found


def knows_revision(revision: str) -> bool:
    """Whether `upgrade` can begin at this revision. It cannot at one of a newer version."""
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        return ScriptDirectory(str(MIGRATIONS)).get_revision(revision) is not None
    except CommandError:
        return False


def vacuum() -> None:
    """Compact tables and indexes and refresh the planner's statistics, for example after an import of a whole state.

    SQLite rewrites its file: that needs as much free disk space again, and blocks writers. PostgreSQL does not block
    them.
    """
    if write_engine().dialect.name == "sqlite":
        raw = write_engine().raw_connection()
        try:
            raw.cursor().execute("VACUUM")
        finally:
            raw.close()
        return
    with write_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in SQLModel.metadata.sorted_tables:
            connection.exec_driver_sql(f'REINDEX TABLE CONCURRENTLY "{table.name}"')
        connection.exec_driver_sql("VACUUM (ANALYZE)")


def _enclosing_session() -> Session | None:
    outer = _enclosing.get()
    return outer if outer is not None and outer.bind is write_engine() else None


@contextmanager
def _write_lock() -> Iterator[None]:
    """Hold a file lock that only one writer of a SQLite database has at a time, in any process. A no-op on PostgreSQL.

    SQLite alone makes waiting writers sleep longer and longer, while a writer that has just finished can start again at
    once: of sixteen busy writers, some waited for ten seconds. The system wakes those that wait for a file lock, and
    releases the lock of a process that dies. A thread that holds the lock can start a nested transaction without
    waiting.
    """
    engine = write_engine()
    if engine.dialect.name != "sqlite" or _lock_holder.get() is engine:
        yield
        return
    try:
        lock_file = open(f"{engine.url.database}-turn", "wb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise Unavailable(str(error)) from error
    with lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        token = _lock_holder.set(engine)
        try:
            yield
        finally:
            _lock_holder.reset(token)
