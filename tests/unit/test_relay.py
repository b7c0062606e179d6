"""The relay: what one worker publishes, all workers hear, and nothing is missed when Redis goes away for a while."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import pytest
from redis import Redis

from rxconnect import db, live, relay
from rxconnect.domain.topics import Subject, Topic
from tests import redis_server
from tests.processes import freeze, resume, server_of
from tests.worlds import installed

R = TypeVar("R")
TOPIC, OTHER = Topic(Subject.THREADS, 7), Topic(Subject.THREADS, 8)
_PATIENCE = 20  # seconds

# A worker: it publishes the topic for each empty line that it is sent, and tells the others what stands in any other.
_WORKER = """
import asyncio, sys
from rxconnect import live, relay
from tests.unit.test_relay import publish

async def main():
    carrying = asyncio.create_task(relay.run_relay())
    while line := await asyncio.to_thread(sys.stdin.readline):
        live.tell(line.strip()) if line.strip() else await asyncio.to_thread(publish)

asyncio.run(main())
"""


@pytest.fixture
def redis(database, monkeypatch) -> Iterator[str]:
    """The address of a Redis that is used."""
    with redis_server.skipped_without(), redis_server.running() as server:
        # The other worker has its settings from the environment.
        monkeypatch.setenv("RXCONNECT_DATA_DIR", str(database))
        monkeypatch.setenv("RXCONNECT_REDIS_URL", server.url)
        with installed():
            yield server.url


@pytest.fixture
def other(redis) -> Iterator[subprocess.Popen[str]]:
    """Another worker."""
    with subprocess.Popen([sys.executable, "-c", _WORKER], stdin=subprocess.PIPE, text=True) as process:
        yield process
        process.terminate()


def publish(topic: Topic = TOPIC) -> None:
    with db.transaction() as session:
        live.publish(session, topic)


@asynccontextmanager
async def worker() -> AsyncIterator[asyncio.Queue[Topic]]:
    """This process as a worker that listens to both topics: what it hears. It begins when Redis has let it listen."""
    heard: asyncio.Queue[Topic] = asyncio.Queue()
    wakes: list[tuple[str, Callable[[], None]]] = [
        (live.address_of(topic), lambda topic=topic: heard.put_nowait(topic)) for topic in (TOPIC, OTHER)
    ]
    for address, wake in wakes:
        live.listen(address, wake)
    carrying = asyncio.create_task(relay.run_relay())
    assert {await next_of(heard), await next_of(heard)} == {TOPIC, OTHER}
    try:
        yield heard
    finally:
        carrying.cancel()
        with suppress(asyncio.CancelledError):
            await carrying
        for address, wake in wakes:
            live.stop_listening(address, wake)


async def next_of(heard: asyncio.Queue[R]) -> R:
    return await asyncio.wait_for(heard.get(), _PATIENCE)


def run(steps: Callable[[asyncio.Queue[Topic]], Coroutine[Any, Any, None]]) -> None:
    async def in_worker() -> None:
        async with worker() as heard:
            await steps(heard)

    asyncio.run(in_worker())


def test_a_worker_hears_what_another_has_published(other):
    async def steps(heard):
        for _ in range(2):
            other.stdin.write("\n")
            other.stdin.flush()
            assert await next_of(heard) == TOPIC
        assert heard.empty()

    run(steps)


def test_a_worker_hears_its_own_news_once(redis):
    async def steps(heard):
        await asyncio.to_thread(publish)
        await asyncio.to_thread(publish, OTHER)
        assert [await next_of(heard), await next_of(heard)] == [TOPIC, OTHER]
        assert heard.empty()

    run(steps)


def test_when_redis_was_killed_and_is_back_every_listener_is_woken_once(redis):
    async def steps(heard):
        server_of(redis).kill()
        await asyncio.to_thread(publish)
        await asyncio.sleep(0.5)
        assert heard.empty()
        port = int(redis.rpartition(":")[2])
        with redis_server.running(port):
            woken = [await next_of(heard), await next_of(heard)]
            # What was published meanwhile is not lost; it may come with the rest, or after it.
            with suppress(TimeoutError):
                woken.append(await asyncio.wait_for(heard.get(), 3))
            assert OTHER in woken
            assert woken.count(TOPIC) in (1, 2)
            await asyncio.to_thread(publish, OTHER)
            assert await next_of(heard) == OTHER

    run(steps)


def test_what_is_published_while_redis_is_frozen_comes_later_and_nobody_waits_for_it(redis):
    async def steps(heard):
        server = server_of(redis)
        freeze(server)
        try:
            async with asyncio.timeout(_PATIENCE):
                await asyncio.to_thread(publish)
            await asyncio.sleep(2)
            assert heard.empty()
        finally:
            resume(server)
        while await next_of(heard) != TOPIC:
            pass

    run(steps)


def test_a_redis_that_does_not_answer_is_left_and_tried_again(redis, monkeypatch):
    monkeypatch.setattr(relay, "_SILENCE", 0.2)

    async def steps(heard):
        server = server_of(redis)
        before = listeners(redis)
        freeze(server)
        await asyncio.sleep(3)
        resume(server)
        assert {await next_of(heard), await next_of(heard)} == {TOPIC, OTHER}
        assert listeners(redis) <= before

    run(steps)


def test_a_worker_that_stops_leaves_no_connection_and_hears_only_itself(redis):
    async def steps(_heard):
        assert listeners(redis) == 1

    run(steps)
    assert listeners(redis) == 0
    woken = []
    live.listen(live.address_of(TOPIC), wake := lambda: woken.append(TOPIC))
    publish()
    live.stop_listening(live.address_of(TOPIC), wake)
    assert woken == [TOPIC]


def test_a_worker_hears_what_another_tells_in_its_order_and_never_itself(other):
    async def steps(_heard):
        words = listen_to_words()
        live.tell("mine")
        for word in ("one", "two", "a b\tc"):
            other.stdin.write(f"{word}\n")
        other.stdin.flush()
        assert [await next_of(words) for _ in range(3)] == ["one", "two", "a b\tc"]
        assert words.empty()

    run(steps)


def test_a_worker_that_may_have_missed_words_is_told_so(redis):
    async def steps(_heard):
        words = listen_to_words()
        server_of(redis).kill()
        with redis_server.running(int(redis.rpartition(":")[2])):
            assert await next_of(words) == ""

    run(steps)


def listen_to_words() -> asyncio.Queue[str]:
    """What the others tell this worker from now on."""
    words: asyncio.Queue[str] = asyncio.Queue()
    live.hear_with(words.put)
    return words


def listeners(url: str) -> int:
    """How many connections listen to a channel of ours."""
    with Redis.from_url(url, decode_responses=True) as client:
        return sum(one["sub"] != "0" for one in client.client_list())


def test_without_redis_there_is_nothing_to_carry(database):
    asyncio.run(asyncio.wait_for(relay.run_relay(), _PATIENCE))
