"""The workers of this server: which of them are ready, as the supervisor says, and how one ends itself.

The supervisor keeps the process ids of the ready workers in a nameless file, which every worker inherits. It knows best, since
it gets their heartbeats and hears at once when one dies.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterable

import structlog

log = structlog.get_logger()

# The setting with the number of the file, for the worker alone.
READY = "RXCONNECT_WORKERS_READY"
# Bytes: room for more process ids than there may be workers.
_SIZE = 2048


def write_ready(file: int, workers: Iterable[int]) -> None:
    """Say which workers are ready: the supervisor's part."""
    os.pwrite(file, " ".join(map(str, workers)).ljust(_SIZE).encode(), 0)


def ready() -> frozenset[int]:
    """The process ids of the workers that are ready now. Without a supervisor there are none."""
    try:
        return frozenset(map(int, os.pread(int(os.environ.get(READY, "")), _SIZE, 0).split()))
    except (ValueError, OSError):
        return frozenset()


def kill_this_one(seconds: float) -> None:
    """Kill this worker by SIGKILL in so many seconds. It cannot prepare for it, or finish anything."""
    log.warning("this worker is killed in front of a demo session's room", worker=os.getpid())
    asyncio.get_running_loop().call_later(seconds, os.kill, os.getpid(), signal.SIGKILL)


def is_alive(worker: int) -> bool:
    """Whether there is a process with this id."""
    try:
        os.kill(worker, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
