"""Becoming the server, and what is looked at before. Never imports Reflex: a start takes no detour."""

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
    # A worker that dies is ready again two seconds sooner where Python may keep what it compiled. Container images and some
    # shells forbid that; empty means allowed.
    "PYTHONDONTWRITEBYTECODE": "",
    # Both sides notice a half-open connection within 8 s: the server asks every 5, and waits 3 for the answer. With TLS and
    # TCP that is about 210 bytes each time, 150 kB an hour (docs/decisions/0041-presses-never-wait.md).
    "REFLEX_SOCKET_INTERVAL": "5",
    "REFLEX_SOCKET_TIMEOUT": "3",
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    # Without it each worker opens as many connections to Redis as it has events at once.
    "REFLEX_REDIS_MAX_CONNECTIONS": "50",
}


def migrate() -> None:
    """Bring the database's tables and the directory up to date. Raises `CannotStart` or `SettingsError`."""
    from sqlalchemy.exc import DatabaseError

    from rxconnect import db, postgres_client
    from rxconnect.services.directory import lookups

    check_data_dir(settings())
    keep_to_ourselves(settings())
    postgres_client.Connection.is_of_a_command = True
    try:
        db.upgrade()
        lookups.complete()
    except DatabaseError as error:
        raise CannotStart(f"The database does not answer as it should: {error.orig}") from None


def check_port(settings: Settings) -> None:
    """Raise `CannotStart` when the server could not listen. Granian itself would silently share a busy port."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as listener:
            # A connection that has just ended may linger on the port; only a listening server makes it busy.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        raise CannotStart(
            f"Cannot listen on {settings.host}, port {settings.port}: {(error.strerror or str(error)).lower()}. "
            "Set RXCONNECT_PORT to another port (or RXCONNECT_HOST to another address)."
        ) from None


def check_redis() -> None:
    """Raise `CannotStart` when processes are to share what a session is in a Redis that does not answer."""
    from rxconnect import redis_client

    if problem := redis_client.problem():
        raise CannotStart(f"Redis does not answer as it should: {problem}. See RXCONNECT_REDIS_URL.")


def check_connections(settings: Settings) -> None:
    """Raise `CannotStart` when the workers could ask for more connections than PostgreSQL gives."""
    from rxconnect import db

    allowed = db.allowed_connections()
    # While a worker is renewed there is one more.
    needed = (settings.worker_count + 1) * settings.pool_size
    if allowed is not None and needed > allowed:
        raise CannotStart(
            f"{settings.worker_count} workers, and one more while one of them is renewed, with {settings.pool_size} "
            f"connections each may need {needed}, and PostgreSQL allows {allowed}. Lower RXCONNECT_WORKERS or "
            "RXCONNECT_POOL_SIZE, or raise PostgreSQL's max_connections."
        )


def check_data_dir(settings: Settings) -> None:
    """Make the data directory if it is missing, and see that it can hold files. Raises `SettingsError`."""
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Tried, since permissions alone do not say it: root has every one, even where nobody can write.
        with tempfile.TemporaryFile(dir=settings.data_dir):
            pass
    except OSError as error:
        raise SettingsError(
            f"RXCONNECT_DATA_DIR is wrong: {settings.data_dir} must be a folder in which files can be made, "
            f"and here it is: {(error.strerror or str(error)).lower()}."
        ) from None


def keep_to_ourselves(settings: Settings) -> None:
    """Let no other user of this machine read what people write: neither what is there nor what will be made.

    Whatever this process makes or starts from now on makes files only for its own user: SQLite's side files, the outbox.
    """
    os.umask(0o077)
    data, own = settings.data_dir, []
    # A folder that everybody may write to, such as /tmp, is not ours to close.
    if not data.stat().st_mode & stat.S_ISVTX:
        own.append(data)
    database = settings.database.partition("sqlite:///")[2]
    for file in (Path(database), data / "sandbox.db") if database else (data / "sandbox.db",):
        own += [file.with_name(file.name + side) for side in ("", "-wal", "-shm", "-journal", "-turn")]
    own += [data / "outbox", *(data / "outbox").glob("*")]
    for path in own:
        # Not there, or of another user, who has chosen.
        with suppress(FileNotFoundError, PermissionError):
            path.chmod(0o700 if path.is_dir() else 0o600)


def serve(settings: Settings) -> None:
    """Become the server: this process is replaced, and does not return."""
    os.chdir(ROOT)
    command = [sys.executable, "-m", "rxconnect.supervisor"]
    serving = _SERVING | {"REFLEX_WEB_WORKDIR": str(builds.hold(settings))}
    os.execve(sys.executable, command, environment(settings) | serving)  # noqa: S606
