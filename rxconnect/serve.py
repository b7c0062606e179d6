"""Starts the server, after some checks. This module never imports Reflex, to start quickly."""

from __future__ import annotations

import os
import socket
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from rxconnect import builds
from rxconnect.builds import ROOT, CannotStart, environment
from rxconnect.config import Settings, SettingsError, settings

_SERVING = {
    # Lets Python cache its bytecode, so that a worker restarts two seconds faster. Container images and some shells
    # disable this cache; the empty value enables it.
    "PYTHONDONTWRITEBYTECODE": "",
    # Both sides detect a half-open connection within 8 s: the server pings every 5 s, and waits 3 s for the pong. With
    # TLS and TCP a ping is about 210 bytes, or 150 kB an hour (docs/decisions/0041-presses-never-wait.md).
    "REFLEX_SOCKET_INTERVAL": "5",
    "REFLEX_SOCKET_TIMEOUT": "3",
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    # Without this limit, each worker opens as many connections to Redis as it handles events at once.
    "REFLEX_REDIS_MAX_CONNECTIONS": "50",
}


def migrate() -> None:
    """Migrate the database, and complete the search index. Raises `CannotStart` or `SettingsError`."""
    from sqlalchemy.exc import DatabaseError

    from rxconnect import db, postgres_client
    from rxconnect.services.directory import lookups

    check_data_dir(settings())
    make_private(settings())
    postgres_client.Connection.is_of_a_command = True
    try:
        db.upgrade()
        lookups.complete_directory()
    except DatabaseError as error:
        raise CannotStart(f"The database does not answer as it should: {error.orig}") from None


def check_port(settings: Settings) -> None:
    """Raise `CannotStart` when the server cannot listen. Granian itself would silently share a busy port."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as listener:
            # A connection that has just ended may linger on the port, but only a listening server makes it busy.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        raise CannotStart(
            f"Cannot listen on {settings.host}, port {settings.port}: {(error.strerror or str(error)).lower()}. "
            "Set RXCONNECT_PORT to another port (or RXCONNECT_HOST to another address)."
        ) from None


def check_redis() -> None:
    """Raise `CannotStart` when the configured Redis does not respond."""
    from rxconnect import redis_client

    if problem := redis_client.redis_problem():
        raise CannotStart(f"Redis does not answer as it should: {problem}. See RXCONNECT_REDIS_URL.")


def check_connections(settings: Settings) -> None:
    """Raise `CannotStart` when the workers may need more connections than PostgreSQL allows."""
    from rxconnect import db

    allowed = db.allowed_connections()
    # While a worker is replaced, there is one more.
    needed = (settings.worker_count + 1) * settings.pool_size
    if allowed is not None and needed > allowed:
        raise CannotStart(
            f"{settings.worker_count} workers, and one more while one of them is renewed, with {settings.pool_size} "
            f"connections each may need {needed}, and PostgreSQL allows {allowed}. Lower RXCONNECT_WORKERS or "
            "RXCONNECT_POOL_SIZE, or raise PostgreSQL's max_connections."
        )


def check_data_dir(settings: Settings) -> None:
    """Create the data directory if it is missing, and check that it is writable. Raises `SettingsError`."""
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        # We try it, because permissions are not enough: root has all of them, even on a read-only file system.
        with tempfile.TemporaryFile(dir=settings.data_dir):
            pass
    except OSError as error:
        raise SettingsError(
            f"RXCONNECT_DATA_DIR is wrong: {settings.data_dir} must be a folder in which files can be made, "
            f"and here it is: {(error.strerror or str(error)).lower()}."
        ) from None


def make_private(settings: Settings) -> None:
    """Make the data directory private, so that other users of this machine cannot read messages.

    It also sets the umask, so that this process and its children create private files: SQLite's side files, the outbox.
    """
    os.umask(0o077)
    data, own = settings.data_dir, []
    # We must not change a folder that is shared by all users, such as /tmp.
    if not data.stat().st_mode & stat.S_ISVTX:
        own.append(data)
    database = settings.database.partition("sqlite:///")[2]
    for file in (Path(database), data / "sandbox.db") if database else (data / "sandbox.db",):
        own += [file.with_name(file.name + side) for side in ("", "-wal", "-shm", "-journal", "-turn")]
    own += [data / "outbox", *(data / "outbox").glob("*")]
    for path in own:
        # The file may be missing, or belong to another user, whose choice we leave.
        with suppress(FileNotFoundError, PermissionError):
            path.chmod(0o700 if path.is_dir() else 0o600)


def serve(settings: Settings) -> None:
    """Replace this process with the server. This function does not return."""
    os.chdir(ROOT)
    command = [sys.executable, "-m", "rxconnect.supervisor"]
    serving = _SERVING | {"REFLEX_WEB_WORKDIR": str(builds.lock_newest_build(settings))}
    os.execve(sys.executable, command, environment(settings) | serving)  # noqa: S606
