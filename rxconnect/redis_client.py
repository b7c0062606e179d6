"""Redis, through which several processes share sessions. Reflex uses it; this module checks it and adds timeouts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from rxconnect.config import settings

_PATIENCE, _PAUSE = 1, 0.2  # seconds
# The errors when Redis is gone, and (from `bound_waiting`) when it does not respond.
OUTAGES = (RedisError, TimeoutError)
# Deletes each lock that still has the token of its requester.
_REMOVE_OWN = """
for number, key in ipairs(KEYS) do
  if redis.call("GET", key) == ARGV[number] then redis.call("DEL", key) end
end
"""


def redis_problem() -> str:
    """The reason why Redis does not respond; "" when it does, or when none is used."""
    if not settings().redis_url:
        return ""
    try:
        with Redis.from_url(
            settings().redis_url,
            socket_connect_timeout=_PATIENCE,
            socket_timeout=_PATIENCE,
            retry=Retry(NoBackoff(), 0),
        ) as client:
            client.ping()
    except (RedisError, OSError, ValueError) as error:
        return str(error).rstrip(".")
    return ""


def bound_waiting(client: AsyncRedis) -> None:
    """Give every command of the framework's own client a timeout, which raises `TimeoutError`.

    Its sockets have no timeout, because they also listen for messages, of which there may be none for hours.
    """
    execute, late_locks = client.execute_command, LateLocks(client.execute_command)

    async def bounded(*arguments: Any, **options: Any) -> Any:
        try:
            async with asyncio.timeout(_PATIENCE):
                return await execute(*arguments, **options)
        except TimeoutError:
            if arguments[0] == "SET" and "NX" in arguments:
                late_locks.give_back(*arguments[1:3])
            raise

    client.execute_command = bounded  # type: ignore[method-assign]


class LateLocks:
    """Releases locks whose request timed out: a Redis that was frozen still grants them when it continues.

    Without this, a page that is loading would wait ten seconds, until its own lock expires.
    """

    def __init__(self, execute: Callable[..., Awaitable[Any]]):
        self._execute = execute
        self._locks: dict[bytes, bytes] = {}
        self._task: asyncio.Task[None] | None = None

    def give_back(self, key: bytes, lock: bytes) -> None:
        """Release this lock as soon as Redis responds again."""
        self._locks[key] = lock
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._give_back())

    async def _give_back(self) -> None:
        while locks := dict(self._locks):
            await asyncio.sleep(_PAUSE)
            with suppress(*OUTAGES):
                async with asyncio.timeout(_PATIENCE):
                    await self._execute("EVAL", _REMOVE_OWN, len(locks), *locks.keys(), *locks.values())
                self._locks = {key: lock for key, lock in self._locks.items() if locks.get(key) != lock}
