"""The relay: it sends the topics and texts of one worker to the other workers, through two Redis channels."""

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

# Seconds: the timeout of Redis, the silence on the channel after which it is pinged, and the wait before a retry.
_PATIENCE, _SILENCE, _PAUSE = 1.0, 5.0, 0.5


async def run_relay() -> None:
    """Run the relay until the server stops. Returns at once without Redis, since there is only one process then."""
    if settings().redis_url:
        relay = _Relay(settings().redis_url)
        live.use_relay(relay)
        try:
            await relay.run()
        finally:
            live.use_relay(None)


class _Relay:
    """One connection that listens, and one that publishes. Both reconnect when they break.

    A worker whose connection was broken may have missed messages, so it calls all its listeners after it has
    reconnected.
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
        # Redis channels are not separate for each database, so their names contain the database's number.
        database = self._redis.get_connection_kwargs().get("db", 0)
        self._news, self._words = f"rxconnect-live-{database}", f"rxconnect-words-{database}"
        # Redis also sends a worker its own messages. This name lets the worker skip its own texts.
        self._name = secrets.token_hex(4)
        self._outgoing: set[str] = set()
        self._untold: list[str] = []
        self._has_news = asyncio.Event()

    def send(self, addresses: Collection[str]) -> None:
        """Queue these addresses for every worker. The thread that has committed calls this, and does not wait."""
        # When the server is stopping, its loop is closed. The pages reconnect to another worker and reload there.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._add, addresses)

    def tell(self, text: str) -> None:
        """Queue a text for every other worker."""
        self._untold.append(f"{self._name} {text}")
        self._has_news.set()

    async def run(self) -> None:
        """Publish and listen until cancelled."""
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
                # A frozen Redis keeps its connections open, so listeners would not notice that they missed this.
                self._add(addresses)
                if words:
                    # The texts are not sent again. The other workers only learn that some were lost.
                    self.tell("")
                await asyncio.sleep(_PAUSE)

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(self._news, self._words)
                    while True:
                        await self._handle(await _next_message(channel))
            except OUTAGES as error:
                log.warning("live pages wait for Redis", reason=str(error) or type(error).__name__)
                await asyncio.sleep(_PAUSE)

    async def _handle(self, message: dict[str, Any]) -> None:
        is_news, is_begun = message["channel"] == self._news, message["type"] == "subscribe"
        if is_begun and is_news:
            live.wake_all_listeners()
        elif is_begun:
            await live.told("")
        elif message["type"] == "message" and is_news:
            live.wake_listeners(message["data"].split("\n"))
        elif message["type"] == "message":
            teller, _, word = message["data"].partition(" ")
            if teller != self._name:
                await live.told(word)


async def _next_message(channel: Any) -> dict[str, Any]:
    """Wait for a message. Raises `TimeoutError` when Redis does not respond to a ping either."""
    message = await channel.get_message(timeout=_SILENCE)
    if message is None:
        await channel.ping()
        message = await channel.get_message(timeout=_PATIENCE)
    if message is None:
        raise TimeoutError
    return message
