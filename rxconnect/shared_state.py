"""Redis, in which several processes share what a session is. Reflex uses it; here it is only asked whether it is there."""

from __future__ import annotations

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from rxconnect.config import settings

_PATIENCE = 1  # second


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
