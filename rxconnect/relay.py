"""The relay: carries what is published in one worker to all of them, and what one tells to the others, through Redis."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection
from contextlib import suppress
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from rxconnect import live
from rxconnect.config import settings
from rxconnect.redis_client import OUTAGES

log = structlog.get_logger()

# Seconds: how long Redis may take to answer, how long the channel may be silent before it is asked whether it is still
# there, and the wait before another try.
_PATIENCE, _SILENCE, _PAUSE = 1.0, 5.0, 0.5


async def carry() -> None:
    """Carry news until the server stops. Does nothing where no Redis is used: there is one process then."""
    if settings().redis_url:
        relay = _Relay(settings().redis_url)
        live.use_relay(relay)
        try:
            await relay.run()
        finally:
            live.use_relay(None)


class _Relay:
    """One connection that listens, and one that publishes. Both are made anew when they break.

    A worker whose connection was broken may have missed something, so all its listeners are woken when it is back.
    """

    def __init__(self, url: str):
        self._loop = asyncio.get_running_loop()
        self._redis = Redis.from_url(
            url,
            decode_responses=True,
            socket_connect_timeout=_PATIENCE,
            socket_timeout=_PATIENCE,
            retry=Retry(NoBackoff(), 0),
        )
        # Redis keeps its channels apart by name only, not by database.
        database = self._redis.get_connection_kwargs().get("db", 0)
        self._news, self._words = f"rxconnect-live-{database}", f"rxconnect-words-{database}"
        # Redis also gives back what one has said oneself.
        self._name = secrets.token_hex(4)
        self._outgoing: set[str] = set()
        self._untold: list[str] = []
        self._has_news = asyncio.Event()

    def send(self, addresses: Collection[str]) -> None:
        """Have these addresses woken in every worker. Called by the thread that has committed, which does not wait."""
        # The server is stopping: its pages come back to another one, and load there.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._add, addresses)

    def tell(self, text: str) -> None:
        """Have every other worker hear `text`."""
        self._untold.append(f"{self._name} {text}")
        self._has_news.set()

    async def run(self) -> None:
        """Publish and listen."""
        async with self._redis, asyncio.TaskGroup() as group:
            group.create_task(self._publish())
            group.create_task(self._listen())

    def _add(self, addresses: Collection[str]) -> None:
        self._outgoing.update(addresses)
        self._has_news.set()

    async def _publish(self) -> None:
        while True:
            await self._has_news.wait()
            self._has_news.clear()
            addresses, self._outgoing = self._outgoing, set()
            words, self._untold = self._untold, []
            try:
                async with asyncio.timeout(_PATIENCE), self._redis.pipeline(transaction=False) as pipeline:
                    for word in words:
                        pipeline.publish(self._words, word)
                    if addresses:
                        pipeline.publish(self._news, "\n".join(addresses))
                    await pipeline.execute()
            except OUTAGES:
                # A frozen Redis keeps its connections, so nobody would know that they have missed this.
                self._add(addresses)
                if words:
                    # They are not told again, only that some were lost.
                    self.tell("")
                await asyncio.sleep(_PAUSE)

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(self._news, self._words)
                    while True:
                        await self._hear(await _next_message(channel))
            except OUTAGES as error:
                log.warning("live pages wait for Redis", reason=str(error) or type(error).__name__)
                await asyncio.sleep(_PAUSE)

    async def _hear(self, message: dict[str, Any]) -> None:
        is_news, is_begun = message["channel"] == self._news, message["type"] == "subscribe"
        if is_begun and is_news:
            live.wake_all()
        elif is_begun:
            await live.told("")
        elif message["type"] == "message" and is_news:
            live.wake(message["data"].split("\n"))
        elif message["type"] == "message":
            teller, _, word = message["data"].partition(" ")
            if teller != self._name:
                await live.told(word)


async def _next_message(channel: Any) -> dict[str, Any]:
    """Wait for a message. Raises `TimeoutError` when Redis does not even answer whether it is there."""
    message = await channel.get_message(timeout=_SILENCE)
    if message is None:
        await channel.ping()
        message = await channel.get_message(timeout=_PATIENCE)
    if message is None:
        raise TimeoutError
    return message
