"""The size of a directory on disk, in SQLite and in PostgreSQL, and the CPU time of PostgreSQL's server."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psutil
import psycopg

Sizes = dict[str, int]


def sqlite_sizes(folder: Path) -> Sizes:
    """The bytes of each table and index in used pages; "everything" is their sum."""
    with closing(sqlite3.connect(folder / "rxconnect.db")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages, free, size = (
            database.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "freelist_count", "page_size")
        )
        everything = {"everything": (pages - free) * size}
        try:
            return everything | dict(database.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
        except sqlite3.OperationalError:  # An SQLite that was built without `dbstat`.
            return everything


def postgres_sizes(url: str) -> Sizes:
    """The bytes of each table and index after a VACUUM; "everything" is their sum, with TOAST."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        everything = connection.execute("SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables").fetchone()
        each = connection.execute(
            "SELECT relname, pg_relation_size(oid) FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')"
        ).fetchall()
    return {"everything": int(everything[0])} | dict(each)


def postgres_server(url: str) -> psutil.Process:
    """The server's first process, the parent of the others."""
    with psycopg.connect(url) as connection:
        folder = connection.execute("SELECT current_setting('data_directory')").fetchone()[0]
    return psutil.Process(int((Path(folder) / "postmaster.pid").read_text().splitlines()[0]))


def cpu_of_all(server: psutil.Process) -> float:
    """The CPU seconds of a server and its children, including those that have ended."""
    times = server.cpu_times()
    own = times.user + times.system + times.children_user + times.children_system
    return own + sum(_cpu(child) for child in server.children(recursive=True))


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system


def another_database(url: str, name: str) -> str:
    """The address of a new, empty database in the same server."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{url.rpartition('/')[0]}/{name}"
