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
from rxconnect.db_errors import is_to_be_tried_again, translated
from rxconnect.domain.errors import Busy, RxConnectError, Unavailable
from rxconnect.engines import UNSYNCED, read_engine, write_engine

P = ParamSpec("P")
R = TypeVar("R")

MIGRATIONS = Path(__file__).parent.parent / "migrations"

_TRIES = 6
# Both belong to one world's engine. Another world that is bound inside the block does not see them.
_has_turn: ContextVar[Engine | None] = ContextVar("has turn", default=None)
_whole: ContextVar[Session | None] = ContextVar("whole", default=None)


@contextmanager
def transaction(*, is_synced: bool = True) -> Iterator[Session]:
    """A session in one writing transaction: committed at the end of the block, rolled back when it raises.

    With `is_synced` false it does not wait until the disk has it, see `write_unsynced`. Raises `Busy` and `Unavailable`, as `reading` does,
    and `NotDriving`, before anything is asked of the database, for whoever may only look around in the world.
    """
    world.must_write()
    if whole := _whole_here():
        with whole.begin_nested():
            yield whole
        return
    with (
        translated(is_writing=True),
        _turn(),
        Session(write_engine(), expire_on_commit=False) as session,
        session.begin(),
    ):
        if not is_synced:
            connection = session.connection(execution_options={UNSYNCED: True})
            if connection.dialect.name != "sqlite":
                connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """A session in one reading transaction: one consistent moment of the database."""
    if whole := _whole_here():
        yield whole
        return
    with (
        translated(is_writing=False),
        Session(read_engine(), expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def all_or_nothing() -> Iterator[Session]:
    """One writing transaction of which every `transaction` and `reading` of this thread becomes a part.

    For loading the demonstration: a load that is killed leaves nothing behind, and it syncs the disk only once. Never
    for real payments, since a processor would remember what our rolled back database forgot.
    """
    with transaction() as session:
        token = _whole.set(session)
        try:
            yield session
        finally:
            _whole.reset(token)


def write(service: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `service(session, …)` in one writing transaction, again if the database asks for it."""
    return _written(True, service, *args, **kwargs)


def write_unsynced(service: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """As `write`, without waiting until the disk has it: for what comes at every pause of somebody's typing.

    A crash of ours loses nothing of it, since the operating system, or PostgreSQL, has it by then. A power failure may
    lose the last moments of it, but nothing that `write` wrote before or after.
    """
    return _written(False, service, *args, **kwargs)


def _written(is_synced: bool, service: Callable[Concatenate[Session, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    for attempt in range(_TRIES):
        try:
            with transaction(is_synced=is_synced) as session:
                return service(session, *args, **kwargs)
        except Busy as error:
            if not is_to_be_tried_again(error.__cause__) or attempt == _TRIES - 1:
                raise
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - spreads retries, keeps no secret
    raise AssertionError("unreachable")


def read(service: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `service(session, …)` in one reading transaction."""
    with reading() as session:
        return service(session, *args, **kwargs)


def read_row(query: Executable, params: dict[str, Any]) -> Row[Any] | None:
    """The first row that a query finds, in one reading transaction without a session, which would take twice as long."""
    if whole := _whole_here():
        return whole.connection().execute(query, params).first()
    with translated(is_writing=False), read_engine().connect() as connection:
        return connection.execute(query, params).first()


def add_once(session: Session, row: SQLModel) -> bool:
    """Insert `row` unless one with its unique values is there already; returns whether it was inserted.

    Unlike reading first, this stays right when two transactions do it at once.
    """
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def answers() -> bool:
    """Whether the database answers at all, and has a connection free to be asked with."""
    try:
        with reading() as session:
            session.connection().execute(text("SELECT 1"))
    except (RxConnectError, SQLAlchemyError):
        return False
    return True


def allowed_connections() -> int | None:
    """How many connections PostgreSQL lets us have; None for SQLite, which does not count them."""
    if write_engine().dialect.name == "sqlite":
        return None
    asked = "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
    with reading() as session:
        return session.connection().execute(text(asked)).scalar_one()


def upgrade() -> None:
    """Bring the database's tables up to date. Costs little when they are."""
    # Imported here because only the start of a server and the tests migrate, and Alembic takes a while to import.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")


def template() -> Path:
    """An empty database with the tables of this version in one file, made once, for `world.open_copy`."""
    file = world.own().folder / f"template-{_version()}.db"
    if not file.exists():
        for older in file.parent.glob("template-*.db"):
            older.unlink()
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            made = world.World("template", f"sqlite:///{folder}/{world.DATABASE}", Path(folder))
            with made.bound():
                upgrade()
                pack(Path(folder, file.name))
            made.end()
            Path(folder, file.name).replace(file)
    return file


def pack(into: Path) -> None:
    """Write the current world's database, one of SQLite, into one file that others can be copied from."""
    pack_file(world.current().folder / world.DATABASE, into)


def pack_file(file: Path, into: Path) -> None:
    """Write a database of SQLite, as it is at this moment, into one file. Readers and writers of it go on."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM INTO ?", (str(into),))
    with closing(sqlite3.connect(into)) as connection:
        # Remembered in the file: whoever opens a copy need not write that first.
        connection.execute("PRAGMA journal_mode=WAL")


@cache
def _version() -> str | None:
    """The revision of the newest migration. It is cached, since reading all migrations takes longer than opening a world."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def vacuum() -> None:
    """Compact tables and indexes and refresh the planner's statistics, as after an import of a whole state.

    SQLite writes its file anew: that needs as much free disk again, and writers wait. On PostgreSQL writers go on.
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


def _whole_here() -> Session | None:
    whole = _whole.get()
    return whole if whole is not None and whole.bind is write_engine() else None


@contextmanager
def _turn() -> Iterator[None]:
    """Let the writers of all processes take turns at SQLite, woken by the system when one ends.

    SQLite alone makes waiting writers sleep longer and longer, while a writer that has just finished can start again at
    once: of sixteen busy writers some waited for ten seconds. The file's lock ends with its process, however that ends. A process that
    already holds the lock can start a nested transaction without waiting.
    """
    engine = write_engine()
    if engine.dialect.name != "sqlite" or _has_turn.get() is engine:
        yield
        return
    try:
        turn = open(f"{engine.url.database}-turn", "wb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise Unavailable(str(error)) from error
    with turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        token = _has_turn.set(engine)
        try:
            yield
        finally:
            _has_turn.reset(token)
