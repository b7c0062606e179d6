"""A handler's way to the services: each runs in a worker thread, inside one transaction."""

import functools
from collections.abc import Callable
from typing import Any

import anyio
import anyio.to_thread

from rxconnect import db
from rxconnect.config import settings
from rxconnect.world import PerWorld, current

# SQLite writes one thing at a time. The others wait here, in order and without a thread that somebody could read with;
# SQLite itself would have them sleep and try again, some of them for seconds.
# On PostgreSQL they leave half of the connections to those who read.
_writers = PerWorld(lambda: anyio.CapacityLimiter(1 if current().is_sqlite else settings().pool_size // 2))
# Threads take turns at one interpreter, milliseconds each: several that compute at once keep every other event waiting.
_searchers = anyio.CapacityLimiter(1)


async def write(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a service in one writing transaction, in a worker thread."""
    return await anyio.to_thread.run_sync(functools.partial(db.write, service, *args, **kwargs), limiter=_writers())


async def write_unsynced(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """As `write`, without waiting until the disk has it (`db.write_unsynced`)."""
    run = functools.partial(db.write_unsynced, service, *args, **kwargs)
    return await anyio.to_thread.run_sync(run, limiter=_writers())


async def read(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a service in one reading transaction, in a worker thread."""
    return await anyio.to_thread.run_sync(functools.partial(db.read, service, *args, **kwargs))


async def in_turn(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """As `read`, for a service that computes for milliseconds: one after another is sooner done than all at once."""
    return await anyio.to_thread.run_sync(functools.partial(db.read, service, *args, **kwargs), limiter=_searchers)


async def in_thread(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run something that opens its own transactions, in a worker thread."""
    return await anyio.to_thread.run_sync(functools.partial(function, *args, **kwargs))
