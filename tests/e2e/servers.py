"""The real command as tests start it: on a free port, waited for until it answers, and killed when a test is about that."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

# The first start builds the pages.
START_SECONDS = 300


def free_port() -> int:
    """A port on which nobody listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(data: Path, port: int, log: Path, **more: str) -> subprocess.Popen[bytes]:
    """`rxconnect run` in a process of its own, writing what it says to `log`."""
    settings = {"RXCONNECT_DATA_DIR": str(data), "RXCONNECT_PORT": str(port)} | more
    with log.open("w") as output:
        command = [sys.executable, "-m", "rxconnect", "run"]
        return subprocess.Popen(command, env=os.environ | settings, stdout=output, stderr=subprocess.STDOUT)


def wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the app answers; fail the test with its log when it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{url}/health", timeout=5):
                return
        except OSError:  # refused, or accepted by a port whose worker is still loading
            time.sleep(0.1)
    pytest.fail(f"The app did not start:\n{log.read_text()}")


class MortalServer:
    """The app on data of its own, to be killed and started again."""

    def __init__(self, data: Path, **settings: str):
        self.data, self._port, self._settings = data, free_port(), settings
        self.url = f"http://localhost:{self._port}"
        self.start()

    def start(self) -> None:
        log = self.data / "server.log"
        started = start(self.data, self._port, log, **self._settings)
        self.process = psutil.Process(started.pid)
        wait_until_healthy(self.url, started, log)

    @property
    def processes(self) -> list[psutil.Process]:
        """The server and its workers."""
        return [self.process, *self.process.children(recursive=True)]

    def kill(self) -> None:
        """SIGKILL, for the server and its workers: none gets to say goodbye."""
        family = self.processes
        for process in family:
            process.kill()
        psutil.wait_procs(family)

    def stop(self) -> None:
        """SIGTERM, as for a new version: the server ends by itself."""
        family = self.processes
        self.process.terminate()
        psutil.wait_procs(family, timeout=20)
