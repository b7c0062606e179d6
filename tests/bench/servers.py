"""The real server to measure: `rxconnect run` on a data directory that is thrown away afterwards."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import psutil

from rxconnect import builds, db
from rxconnect.config import settings
from rxconnect.demo import world
from tests.bench.report import Row, measured
from tests.e2e.conftest import free_port, start, wait_until_healthy
from tests.worlds import disconnect, installed


@dataclass(frozen=True)
class Server:
    """A running server. `seconds` is how long it took until it was healthy."""

    url: str
    process: psutil.Process
    seconds: float

    def memory(self) -> float:
        """What its processes hold for themselves alone, in KB."""
        processes = [self.process, *self.process.children(recursive=True)]
        return sum(process.memory_full_info().uss for process in processes) / 1024


@contextmanager
def running(data: Path) -> Iterator[Server]:
    """The server on `data`, which is created and filled when it is empty."""
    port, log = free_port(), data.with_suffix(".log")
    began = time.perf_counter()
    server = start(data, port, log)
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", server, log)
        yield Server(f"http://127.0.0.1:{port}", psutil.Process(server.pid), time.perf_counter() - began)
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def used(data: Path) -> Iterator[None]:
    """Have the services of this process, and of those that it starts, work on the database in `data` inside the block."""
    with patch.dict(os.environ, RXCONNECT_DATA_DIR=str(data)), installed():
        yield


def prepare(data: Path) -> list[Row]:
    """Build the pages if they are not, and fill `data` with the demonstration: how long that takes and how large it is."""
    builds.build(settings())
    migrating, seeding = _seconds(db.upgrade), _seconds(lambda: world.seed(lambda _done, _total: None))
    disconnect()
    size = sum(file.stat().st_size for file in data.glob("rxconnect.db*")) / 1024 / 1024
    return [
        measured("Create the tables", [migrating], "s"),
        measured("Seed the demonstration", [seeding], "s"),
        measured("Database after seeding", [size], "MB"),
    ]


def first_start(data: Path) -> Row:
    """From nothing but the built pages."""
    with running(data) as server:
        return measured("First start, pages built, no data: until /health answers", [server.seconds], "s")


def later_starts(seconds: list[float]) -> Row:
    """Starts with everything in place."""
    return measured("Later start: until /health answers", seconds, "s", at_most=5, judged_by=max)


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began
