"""A private S3 for tests: moto's server in a process of its own, behind a wire that can be cut."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.e2e.servers import free_port
from tests.soak.wire import Wire

SECRET = "a-secret-that-nobody-may-read"
_START_SECONDS = 15


@dataclass(frozen=True)
class S3Server:
    """A running S3 server. `wire` leads to it."""

    wire: Wire

    def new_bucket(self) -> dict[str, str]:
        """Make an empty bucket. Returns the settings that choose it."""
        bucket, endpoint = f"photos-{secrets.token_hex(6)}", f"http://127.0.0.1:{self.wire.port}"
        address = f"http://127.0.0.1:{self.wire.target}/{bucket}"
        urllib.request.urlopen(urllib.request.Request(address, method="PUT")).close()
        return {"s3_bucket": bucket, "s3_endpoint": endpoint, "s3_key_id": "tests", "s3_secret_key": SECRET}


@contextmanager
def running() -> Iterator[S3Server]:
    """A server without a bucket yet."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wire = Wire(port)
    try:
        _wait(port, server)
        yield S3Server(wire)
    finally:
        wire.cut()
        server.kill()
        server.wait()


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/").close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("moto's server did not start")
