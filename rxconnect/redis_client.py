"""Redis, in which several processes share what a session is. Reflex uses it; here it is asked whether it is there."""

from __future__ import annotations

import asyncio
from typing import Any

from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from rxconnect.config import settings

_PATIENCE = 1  # second
# What Redis raises when it is gone, and `bound_waiting` when it does not answer.
OUTAGES = (RedisError, TimeoutError)


def problem() -> str:
    """Why Redis does not answer; "" when it does, and where none is used."""
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
    """Have every command of the framework's own client end in time, with a `TimeoutError` if need be.

    Its sockets are left without a timeout: they also listen for news, of which there may be none for hours.
    """
    execute = client.execute_command

    async def bounded(*arguments: Any, **options: Any) -> Any:
        async with asyncio.timeout(_PATIENCE):
            return await execute(*arguments, **options)

    client.execute_command = bounded  # type: ignore[method-assign]
