"""How a handler runs a service: in a worker thread, inside one transaction."""

import functools
from collections.abc import Callable
from typing import Any

import anyio
import anyio.to_thread

from rxconnect import db
from rxconnect.config import settings
from rxconnect.world import PerWorld, current

# SQLite has one writer at a time. Other writers wait here, in order, without holding a thread that a reader could use;
# in SQLite itself they would sleep and retry, some for seconds. On PostgreSQL writers leave half of the connections to
# readers.
_writers = PerWorld(lambda: anyio.CapacityLimiter(1 if current().is_sqlite else settings().pool_size // 2))
# Threads share one interpreter: several that compute at once would keep every other event waiting.
_searchers = anyio.CapacityLimiter(1)


async def write(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a service in one writing transaction, in a worker thread."""
    return await anyio.to_thread.run_sync(functools.partial(db.write, service, *args, **kwargs), limiter=_writers())


async def write_unsynced(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """As `write`, but without waiting for the disk (`db.write_unsynced`)."""
    run = functools.partial(db.write_unsynced, service, *args, **kwargs)
    return await anyio.to_thread.run_sync(run, limiter=_writers())


async def read(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a service in one reading transaction, in a worker thread."""
    return await anyio.to_thread.run_sync(functools.partial(db.read, service, *args, **kwargs))


async def read_serially(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """As `read`, but one at a time in this process, for a service that computes for milliseconds."""
    return await anyio.to_thread.run_sync(functools.partial(db.read, service, *args, **kwargs), limiter=_searchers)


async def in_thread(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a function that opens its own transactions, in a worker thread."""
    return await anyio.to_thread.run_sync(functools.partial(function, *args, **kwargs))
