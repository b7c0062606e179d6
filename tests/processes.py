"""Helpers that freeze processes (SIGSTOP) and resume them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil


def server_of(url: str) -> psutil.Process:
    """The first process of the PostgreSQL or Redis that a test started at this address.

    Raises `StopIteration` if there is none.
    """
    port = url.rpartition(":")[2].partition("/")[0]
    return next(
        process
        for process in psutil.process_iter(["name", "cmdline"])
        if process.info["name"] in ("redis-server", "postgres") and port in " ".join(process.info["cmdline"] or ())
    )


def freeze(process: psutil.Process) -> None:
    """Suspend a process and all its children."""
    # Suspend the parent before its children are listed, as it could fork another one meanwhile.
    process.suspend()
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.suspend()


def resume(process: psutil.Process) -> None:
    """Resume a process and all its children. A running process is unaffected."""
    for one in [process, *process.children(recursive=True)]:
        # A process that works for a short time may have ended.
        with suppress(psutil.NoSuchProcess):
            one.resume()


@contextmanager
def frozen(*processes: psutil.Process) -> Iterator[None]:
    """Freeze processes and all their children inside the block."""
    try:
        for process in processes:
            freeze(process)
        yield
    finally:
        for process in processes:
            resume(process)
