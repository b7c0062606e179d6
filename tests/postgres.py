"""A private PostgreSQL for tests and benchmarks: started on a free port from the system's programs, and thrown away.

It sorts text by a language (ICU's American English), as most servers in use do: what relies on sorting by code point,
as SQLite does, shows here.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg

from rxconnect.domain.errors import RxConnectError
from tests.e2e.servers import free_port
from tests.needed import needed

_START_SECONDS = 30
_NAME = "rxconnect"
# It may not run as root; in a container, where one often is, these users exist.
_UNPRIVILEGED = ("postgres", "nobody")


class NoPostgres(RxConnectError):
    """PostgreSQL is not installed, or did not start."""


@contextmanager
def running(*, durable: bool = False) -> Iterator[str]:
    """The address of an empty database, for RXCONNECT_DATABASE_URL. Raises `NoPostgres`.

    Unless `durable`, nothing waits for the disk, which is quicker, and wrong to measure with.
    """
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="rxconnect-postgres-", ignore_cleanup_errors=True) as folder:
        user = _hand_over(folder)
        data, log, port = Path(folder) / "data", Path(folder) / "server.log", free_port()
        as_locale = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
        _run([programs / "initdb", "-D", data, "-U", _NAME, "--auth=trust", *as_locale], user)
        settings = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder}
        if not durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            command = [programs / "postgres", "-D", data, *options]
            server = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder, **user)
        try:
            _create_database(port, server, log)
            yield f"postgresql://{_NAME}@127.0.0.1:{port}/{_NAME}"
        finally:
            # The "fast" shutdown: it disconnects everyone and leaves the files whole.
            server.send_signal(signal.SIGINT)
            server.wait(timeout=_START_SECONDS)


def skipped_without() -> AbstractContextManager[None]:
    """A fixture in which `running` raises `NoPostgres` skips its tests, but not in CI (`tests.needed`)."""
    return needed(NoPostgres, "postgresql")


def _programs() -> Path:
    """The folder with `initdb` and `postgres`: on the path, or where Debian keeps the newest. Raises `NoPostgres`."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise NoPostgres("PostgreSQL is not installed: initdb is neither on the path nor under /usr/lib/postgresql.")
    return found[-1].parent


def _hand_over(folder: str) -> dict[str, object]:
    """As root, give the folder to an unprivileged user. Returns the arguments that make `subprocess` run as that user."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    name = next(name for name in _UNPRIVILEGED if name in names)
    entry = pwd.getpwnam(name)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _run(command: list[str | Path], user: dict[str, object]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **user)
    if done.returncode:
        raise NoPostgres(f"PostgreSQL's initdb failed: {(done.stderr.strip() or 'no reason given').splitlines()[-1]}")


def _create_database(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers, then create the database. Raises `NoPostgres`."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with psycopg.connect(f"postgresql://{_NAME}@127.0.0.1:{port}/postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {_NAME}")
                return
        except psycopg.OperationalError:
            time.sleep(0.05)
    last = re.sub(r"\s+", " ", "".join(log.read_text(errors="replace").splitlines()[-1:]))
    raise NoPostgres(f"PostgreSQL did not start: {last}")
