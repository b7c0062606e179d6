"""A private Redis for tests: started on a free port from the system's program, and thrown away.

It appends every command to a plain file, so that whatever was ever kept there, however briefly, can be read in the end.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError as NotThere

from rxconnect.domain.errors import RxConnectError
from tests.e2e.servers import free_port
from tests.needed import needed

_START_SECONDS = 15


class NoRedis(RxConnectError):
    """Redis is not installed, or did not start."""


@dataclass(frozen=True)
class RedisServer:
    """A running Redis: its address, for RXCONNECT_REDIS_URL, and the folder of its files."""

    url: str
    folder: Path


def skipped_without() -> AbstractContextManager[None]:
    """Tests in which `running` raises `NoRedis` are skipped, but not in CI (`tests.needed`)."""
    return needed(NoRedis, "redis-server")


@contextmanager
def running(port: int = 0) -> Iterator[RedisServer]:
    """An empty Redis, at this port if one is given. Raises `NoRedis`."""
    program = shutil.which("redis-server")
    if program is None:
        raise NoRedis("Redis is not installed: redis-server is not on the path.")
    port = port or free_port()
    with tempfile.TemporaryDirectory(prefix="rxconnect-redis-") as folder:
        options = {"port": port, "bind": "127.0.0.1", "dir": folder, "save": "", "appendonly": "yes"}
        # Else what is written anew would be compressed, and nobody could find anything in it.
        options |= {"aof-use-rdb-preamble": "no", "rdbcompression": "no"}
        command = [program, *(word for name, value in options.items() for word in (f"--{name}", str(value)))]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait(port, server)
            yield RedisServer(f"redis://127.0.0.1:{port}", Path(folder))
        finally:
            server.terminate()
            server.wait(timeout=_START_SECONDS)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    with Redis(port=port) as client:
        while time.monotonic() < deadline and server.poll() is None:
            try:
                client.ping()
                return
            except NotThere:
                time.sleep(0.05)
    raise NoRedis("Redis did not start.")
