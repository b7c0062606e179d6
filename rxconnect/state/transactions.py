"""How a handler runs a service: in a worker thread, inside one transaction."""

import functools
from collections.abc import Callable
from typing import Any

import anyio
import anyio.to_thread

from rxconnect import db, session_threads
from rxconnect.config import settings
from rxconnect.state import visitors
from rxconnect.world import PerWorld, current

# SQLite has one writer at a time. Other writers wait here, in order, without holding a thread that a reader could use;
# in SQLite itself they would sleep and retry, some for seconds. On PostgreSQL writers leave half of the connections to
# readers.
_writers = PerWorld(lambda: anyio.CapacityLimiter(1 if current().is_sqlite else settings().pool_size // 2))
# Threads share one interpreter: several that compute at once would keep every other event waiting.
_searchers = anyio.CapacityLimiter(1)


async def write(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a service in one writing transaction, in a worker thread."""
    return await _run(functools.partial(db.write, service, *args, **kwargs), _writers())


async def write_unsynced(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """As `write`, but without waiting for the disk (`db.write_unsynced`)."""
    return await _run(functools.partial(db.write_unsynced, service, *args, **kwargs), _writers())


async def read(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a service in one reading transaction, in a worker thread."""
    return await _run(functools.partial(db.read, service, *args, **kwargs))


async def read_serially(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """As `read`, but one at a time in this process, for a service that computes for milliseconds."""
    return await _run(functools.partial(db.read, service, *args, **kwargs), _searchers)


async def in_thread(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a function that opens its own transactions, in a worker thread."""
    return await _run(functools.partial(function, *args, **kwargs))


async def in_session_thread(function: Callable[..., Any], *args: Any) -> Any:
    """As `in_thread`, for work of a demo session outside an event."""
    async with session_threads.FOR_EVENTS:
        return await anyio.to_thread.run_sync(function, *args)


async def _run(work: Callable[[], Any], limiter: anyio.CapacityLimiter | None = None) -> Any:
    """Run in a worker thread. The event of a demo session first waits for one of the sessions' threads.

    It waits for that before `limiter`, so that it never holds up a writer of the installation's own world.
    """
    if current().is_own and not visitors.has_seat():
        return await anyio.to_thread.run_sync(work, limiter=limiter)
    async with session_threads.FOR_EVENTS:
        return await anyio.to_thread.run_sync(work, limiter=limiter)
