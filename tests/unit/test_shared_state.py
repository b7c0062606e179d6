"""Redis answers too late, or not at all: a real one, frozen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from redis.asyncio import Redis

from rxconnect import redis_client
from tests import redis_server
from tests.processes import frozen, server_of

# Longer than the test lasts, however busy the machine.
_LOCK_MS = 600_000


@pytest.fixture
def redis_url() -> Iterator[str]:
    with redis_server.skipped_without(), redis_server.running() as server:
        yield server.url


def test_a_lock_that_is_granted_after_everybody_gave_up_is_given_back(redis_url: str):
    async def ask_in_vain() -> bool:
        async with Redis.from_url(redis_url) as client:
            redis_client.bound_waiting(client)
            await client.set("theirs", "of another", px=_LOCK_MS)
            with frozen(server_of(redis_url)):
                for key in ("ours", "theirs"):
                    with pytest.raises(TimeoutError):
                        await client.set(key, "asked for", px=_LOCK_MS, nx=True)
            for _ in range(100):
                if await client.get("ours") is None:
                    return await client.get("theirs") == b"of another"
                await asyncio.sleep(0.1)
            return False

    assert asyncio.run(ask_in_vain())
