"""The real server to measure: `rxconnect run` on a temporary data directory."""

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
from tests.e2e.servers import free_port, start, wait_until_healthy
from tests.worlds import disconnect, installed


@dataclass(frozen=True)
class Server:
    """A running server. `seconds` is the time until it was healthy."""

    url: str
    process: psutil.Process
    seconds: float

    def memory(self) -> float:
        """The unshared memory of its processes, in KB."""
        processes = [self.process, *self.process.children(recursive=True)]
        return sum(process.memory_full_info().uss for process in processes) / 1024


@contextmanager
def running(data: Path) -> Iterator[Server]:
    """Run a server on `data`, which is created and filled if it is empty."""
    port, log = free_port(), data.with_suffix(".log")
    began = time.perf_counter()
    server = start(data, port, log)
    try:
        wait_until_healthy(f"http://localhost:{port}", server, log)
        yield Server(f"http://localhost:{port}", psutil.Process(server.pid), time.perf_counter() - began)
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def used(data: Path) -> Iterator[None]:
    """Inside the block, services of this process and its children use the database in `data`."""
    with patch.dict(os.environ, RXCONNECT_DATA_DIR=str(data)), installed():
        yield


def prepare(data: Path) -> list[Row]:
    """Build the pages if needed, and load the demonstration into `data`. Measures the times and sizes."""
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
    """A first start, with only the built pages."""
    with running(data) as server:
        return measured("First start, pages built, no data: until /health answers", [server.seconds], "s")


def later_starts(seconds: list[float]) -> Row:
    """Later starts, on existing data."""
    return measured("Later start: until /health answers", seconds, "s", at_most=5, judged_by=max)


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began
